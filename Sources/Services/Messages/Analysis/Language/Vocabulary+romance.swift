extension Vocabulary {
  static let spanish = Vocabulary(
    common: """
      a al algo ahora antes aquí aunque cada como con cuando cómo de del desde donde dos el él ella ellos en entre era eres es \
      esa ese eso esta está este esto estoy están favor fue gracias ha hace han hasta hay he hola la las le les lo los me mi \
      mis muy más nada ni no nos nosotros nuestra nuestro o otra otro para pero poco por porque puede que qué quien se ser si \
      sí sido sin sobre solo son soy su sus también tan te tengo tiene tienen todo todos tu tú tus un una uno unos usted ya y \
      yo
      """,
    letters: "ñáíóú",
    good: """
      agradable* agradec* alegr* amable* bien buen buena buenas bueno buenos contenta contento delicios* encanta encantad* \
      encantó estupend* excelente* fantástic* feliz felices genial* gracias hermos* increíble* maravillos* mejor mejores \
      perfect* rápid* recomiend* satisfech* útil
      """,
    bad: """
      decepci* desastr* dañad* enfadad* error errores fall* fatal feo horrible* inútil* lent* mal mala malas malo malos odio \
      peor peores pésim* problema* queja* roto rota ruidos* sucio sucia terrible* triste* tarde
      """,
    negations: "no nunca jamás sin ni tampoco nada")

  static let french = Vocabulary(
    common: """
      à ai alors au aussi autre aux avec avez avoir avons bonjour c'est ce ces cet cette comme d'un d'une dans de depuis des \
      du elle elles en encore entre es est et étais était être eu fait il ils j'ai je jusqu'à l'on la le les leur leurs lui \
      ma mais me mes merci même moi mon n'est ne nos notre nous on ont ou où par pas peut plus pour pourquoi qu'il quand que \
      qui quoi s'il sa sans se ses si son sont sous sur ta te tes toi ton tous tout toute très tu un une vos votre vous y
      """,
    letters: "àâçèêëîïôûœù",
    good: """
      adore agréable* aime bien bon bonne bonnes bons content contente délicieu* excellent* fantastique* formidable* génial* \
      gentil* heureu* incroyable* joli jolie magnifique* meilleur* merci merveilleu* parfait* plaisir rapide* ravi* \
      recommand* satisfait* super superbe* utile*
      """,
    bad: """
      affreu* cassé cassée colère déçu déçue décevant* déception* déteste désastr* endommagé* erreur* grave horrible* inutile* \
      lent lente lents mal mauvais* moche nul nulle panne pire plaint* problème* retard* sale sales terrible* triste*
      """,
    negations: "ne pas jamais sans ni n'* aucun aucune rien")
}
