/// The words and phrases that fraud is known by, in all languages together: who deceives does not keep to one.
enum FraudWords {
  static let words = WordList(
    """
    fraud frauds fraudulent fraudulently fraudster fraudsters fraude fraudes fraudul* scam scams scammed scammer scammers \
    scamming phishing swindle* swindler* ponzi шахрай* шахра* афера афери аферу аферист* афере аферы мошен* обман обмана \
    oszust* oszukan* wyłudz* betrug betrugs betrüg* betrog* schwindler* estafa estafas estafador* arnaqu* escroqu*
    """)

  static let phrases = PhraseList(
    """
    verify your account
    verify your identity
    confirm your account
    confirm your password
    confirm your card
    update your payment details
    update your billing information
    your account has been suspended
    your account will be suspended
    your account has been limited
    you have won
    you've won
    claim your prize
    claim your reward
    lottery winner
    wire transfer
    send me money
    send bitcoin
    gift card code
    gift card codes
    double your money
    guaranteed profit
    guaranteed returns
    risk free investment
    send your cvv
    cvv code
    one time password
    act now before
    підтвердіть ваш пароль
    підтвердіть свій пароль
    підтвердіть дані картки
    підтвердіть ваш акаунт
    ваш рахунок заблоковано
    ваша картка заблокована
    ваша карта заблокована
    ви виграли
    код з смс
    код із смс
    надішліть гроші
    подтвердите пароль
    подтвердите данные карты
    ваша карта заблокирована
    ваш счет заблокирован
    вы выиграли
    код из смс
    potwierdź swoje hasło
    potwierdź swoje dane
    zweryfikuj swoje konto
    twoje konto zostało zablokowane
    wygrałeś nagrodę
    bestätigen sie ihr konto
    bestätigen sie ihr passwort
    bestätigen sie ihre daten
    ihr konto wurde gesperrt
    sie haben gewonnen
    verifique su cuenta
    verifica tu cuenta
    confirme su contraseña
    confirma tu contraseña
    su cuenta ha sido suspendida
    has ganado un
    ha ganado un
    vérifiez votre compte
    confirmez votre mot de passe
    votre compte a été suspendu
    votre compte est bloqué
    vous avez gagné
    """)
}
