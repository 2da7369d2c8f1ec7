extension Vocabulary {
  static let english = Vocabulary(
    common: """
      a about above after again all also am an and any are as at be because been before being below between both but by can \
      can't could did didn't do does doesn't doing don't down during each few for from further had has have having he hello \
      her here hers hi him his how i i'm if in into is isn't it it's its just let me more most my myself no nor not now of \
      off on once only or other our ours out over own please same she should so some such than thanks that that's the their \
      them then there these they this those through to too under until up very was wasn't we were what when where which \
      while who whom why will with won't would you you're your yours yes
      """,
    letters: "",
    good: """
      amazing awesome beautiful best better brilliant delicious delight* enjoy enjoyed enjoying enjoys excellent fantastic \
      fast friendly glad good grateful great happy helpful impressed impressive love loved lovely loves nice outstanding \
      perfect perfectly pleasant pleased pleasure recommend recommended reliable satisfied smooth splendid super superb \
      thank thanks wonderful
      """,
    bad: """
      angry annoyed annoying awful awfully bad badly broken bug bugs complain* crash* damaged delay* dirty disappoint* disgust* \
      error errors fail failed fails failure hate hated hates horrible late lost mess noisy poor problem problems rude sad \
      slow stupid terrible terribly ugly unacceptable unhappy unreliable useless waste worse worst wrong
      """,
    negations: """
      not no never without neither nor hardly cannot isn't wasn't aren't weren't don't doesn't didn't can't couldn't won't \
      wouldn't shouldn't haven't hasn't hadn't ain't
      """)

  static let german = Vocabulary(
    common: """
      aber alle als also am an auch auf aus bei beim bin bis bist bitte da damit dann das dass dein dem den denn der des dich \
      die dies diese dieser dieses dir doch du durch ein eine einem einen einer eines er es euch für haben habe hat hatte \
      hallo hier ich ihm ihn ihnen ihr ihre im in ins ist ja jetzt kann kein keine können man mein meine mich mir mit nach \
      nicht noch nun nur ob oder ohne schon sehr sein seine sich sie sind so über um und uns unser unter vom von vor war waren \
      was weil wenn wer werden wie wieder wir wird wo zu zum zur
      """,
    letters: "äöüß",
    good: """
      angenehm ausgezeichnet* begeistert besser beste* danke dankbar empfehl* erfreut exzellent fantastisch* freude \
      freundlich* froh genial* glücklich großartig* gut gute guten guter gutes herrlich* hervorragend* hilfreich* lecker \
      liebe lieben nett nette perfekt* prima schön schöne schönen schöner schönes schnell super toll tolle toller wunderbar* \
      wunderschön* zufrieden zuverlässig*
      """,
    bad: """
      ärger* beschädigt* beschwer* defekt* dreckig* dumm enttäusch* entsetzlich* falsch* fehler* furchtbar* hass* hässlich* \
      kaputt* katastroph* langsam* leider mangelhaft* mies* nutzlos* problem* schlecht* schlimm* schmutzig* schrecklich* \
      traurig* unfreundlich* unzufrieden* unzuverlässig* verspät* wütend*
      """,
    negations: "nicht kein keine keinen keinem keiner keines nie niemals ohne weder")
}
