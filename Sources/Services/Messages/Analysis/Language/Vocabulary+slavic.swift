extension Vocabulary {
  static let ukrainian = Vocabulary(
    common: """
      а але або без би був була були було в вам вас ваш ваша ваше ви вже він вона вони вони воно все всі все для до добрий дуже \
      є з за зі із і й його її їх його коли ласка ласкою мене мені ми мій моя моє моєму на нам нас наш наша не немає нею ні \
      ніж по про при прошу привіт під саме свій свою собі та так також там те теж ти то тобі тому тут у це цей ця ці чи чому \
      що щоб ще як яка який яке які якщо я
      """,
    letters: "іїєґ",
    good: """
      вдячн* відмінн* гарн* добре добрий добра добрі дякую дяку* задоволен* зручн* класн* корисн* краще кращий кращ* люблю \
      найкращ* подоба* прекрасн* приємн* радий рада раді рекоменд* смачн* супер* фантастичн* чудов* швидк* щаслив* якісн*
      """,
    bad: """
      брудн* груб* жахлив* жах зіпсован* зламан* зламав* зламал* злий ненавиджу огидн* поган* пошкоджен* повільн* проблем* \
      прикр* розчарован* розчарув* скарг* сумн* сумно запізн* помилк* недолік* гірш* жахіт* обурен*
      """,
    negations: "не ні ніколи без немає нема жодн*")

  static let polish = Vocabulary(
    common: """
      a ale albo ani aż bardzo bez bo być był była było były by co czy czyli dla do dobry dziękuję dzień gdy gdzie go i ich im \
      ja jak jaki jako je jego jej jest jestem jeszcze już każdy kiedy kto która które który którzy ma mam mi mnie mój moja \
      moje może my na nad nam nas nasz nie niż no o od on ona one oni oraz po pod ponieważ proszę przed przez przy się są \
      swoje ta tak także tam te tego tej ten też to tu tylko ty tym u w we więc wszystko wy z za ze że żeby
      """,
    letters: "ąęłżźćńś",
    good: """
      cudown* dobra dobre dobry dobrze doskonał* dziękuję fajn* fantastyczn* genialn* idealn* kocham lepsz* lubię miły miła \
      miło najleps* pięk* polecam pomocn* przyjemn* rewelac* super szczęśliw* szybk* świetn* udany wdzięczn* wspaniał* \
      wygodn* zadowol* znakomit*
      """,
    bad: """
      awari* bałagan błąd błęd* brud* brzydk* fatal* głupi* gorsz* kiepsk* nienawidz* niestety okropn* opóźn* paskudn* porażk* \
      powoln* problem* reklamac* rozczarow* smutn* strat* straszn* uszkodz* wadliw* wściek* zepsu* zła złe zły źle najgorsz* \
      skarg*
      """,
    negations: "nie nigdy bez ani żaden żadna żadne brak")

  static let russian = Vocabulary(
    common: """
      а без бы был была были было быть в вам вас ваш ваша весь во вот все всё вы где да даже для до его ее её если есть еще ещё \
      же за здравствуйте и из или им их к как какой когда который которые кто ли меня мне мой моя мы на над нам нас наш не \
      него нее неё нет ни но ну о об он она они оно от очень по под пожалуйста при привет с сам свой себя со спасибо так \
      также там тебя тем то тобой того тоже только ты у уже чем что чтобы эта эти это этот я
      """,
    letters: "ыэёъ",
    good: """
      благодар* вкусн* доволен довольн* замечательн* классн* красив* круто лучш* люблю нравит* отличн* полезн* понравил* \
      превосходн* прекрасн* приятн* рад рада рекоменд* спасибо супер* удобн* хорош* чудесн* быстр* великолепн* счастлив*
      """,
    bad: """
      грубо грубы* грустн* грязн* жалоб* жаль испорчен* кошмар* медленн* мерзк* ненавижу обидн* опозда* отвратительн* ошибк* \
      плох* поврежден* проблем* разочаров* сломал* сломан* ужас* ужасн* хуже худш* задерж* недостат*
      """,
    negations: "не ни нет никогда без")
}
