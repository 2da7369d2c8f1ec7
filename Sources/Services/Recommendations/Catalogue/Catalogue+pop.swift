// One song a line: artist | title | year | genres | moods. Names and years are facts; the tags are ours.
extension Catalogue {
  static let popLines = """
    ABBA | Dancing Queen | 1976 | pop disco | happy dancing
    ABBA | The Winner Takes It All | 1980 | pop | sad dramatic
    Michael Jackson | Billie Jean | 1982 | pop funk | dark dancing
    Michael Jackson | Beat It | 1982 | pop rock | energetic dancing
    Madonna | Like a Prayer | 1989 | pop gospel | hopeful dancing
    Prince | Purple Rain | 1984 | pop rock | sad epic
    Prince | When Doves Cry | 1984 | pop funk | dark dancing
    Whitney Houston | I Wanna Dance with Somebody | 1987 | pop soul | happy dancing
    Cyndi Lauper | Time After Time | 1983 | pop | romantic nostalgic
    a-ha | Take On Me | 1985 | pop electronic | energetic romantic
    Eurythmics | Sweet Dreams | 1983 | pop electronic | dark dancing
    Depeche Mode | Enjoy the Silence | 1990 | electronic pop | dark romantic
    New Order | Blue Monday | 1983 | electronic postpunk | dark dancing
    Kate Bush | Running Up That Hill | 1985 | artpop pop | dramatic dreamy
    Kate Bush | Wuthering Heights | 1978 | artpop pop | dramatic romantic
    Peter Gabriel | Sledgehammer | 1986 | pop funk | happy energetic
    Phil Collins | In the Air Tonight | 1981 | pop rock | dark dramatic
    Toto | Africa | 1982 | pop rock | nostalgic hopeful
    Elton John | Rocket Man | 1972 | pop rock | lonely dreamy
    Elton John | Tiny Dancer | 1971 | pop rock | romantic nostalgic
    Billy Joel | Piano Man | 1973 | pop folk | nostalgic lonely
    Tears for Fears | Everybody Wants to Rule the World | 1985 | pop rock | nostalgic dreamy
    George Michael | Careless Whisper | 1984 | pop soul | romantic sad
    Britney Spears | Toxic | 2003 | pop electronic | dancing energetic
    Robyn | Dancing on My Own | 2010 | pop electronic | sad dancing
    Lady Gaga | Bad Romance | 2009 | pop electronic | dancing dramatic
    Rihanna | Umbrella | 2007 | pop rnb | hopeful romantic
    Beyoncé | Crazy in Love | 2003 | rnb pop | energetic dancing
    Beyoncé | Halo | 2008 | pop rnb | romantic hopeful
    Adele | Someone Like You | 2011 | pop soul | sad nostalgic
    Adele | Rolling in the Deep | 2010 | pop soul | angry energetic
    Amy Winehouse | Back to Black | 2006 | soul pop | sad dark
    Amy Winehouse | Rehab | 2006 | soul pop | cool energetic
    Taylor Swift | All Too Well | 2012 | pop country | sad nostalgic
    Taylor Swift | Shake It Off | 2014 | pop | happy dancing
    Lorde | Royals | 2013 | pop indie | cool calm
    Lana Del Rey | Video Games | 2011 | pop artpop | romantic dreamy
    Billie Eilish | Bad Guy | 2019 | pop electronic | dark cool
    Dua Lipa | Don't Start Now | 2019 | pop disco | dancing energetic
    Harry Styles | As It Was | 2022 | pop | nostalgic lonely
    The Weeknd | Blinding Lights | 2019 | pop electronic | energetic nostalgic
    Daft Punk | One More Time | 2000 | electronic disco | happy dancing
    Daft Punk | Get Lucky | 2013 | disco funk | happy dancing
    Kraftwerk | Autobahn | 1974 | electronic | calm cool
    Kraftwerk | The Model | 1978 | electronic pop | cool calm
    Donna Summer | I Feel Love | 1977 | disco electronic | dancing dreamy
    Gloria Gaynor | I Will Survive | 1978 | disco soul | hopeful dancing
    Bee Gees | Stayin' Alive | 1977 | disco pop | cool dancing
    Chic | Le Freak | 1978 | disco funk | happy dancing
    Massive Attack | Teardrop | 1998 | electronic triphop | dreamy dark
    Portishead | Glory Box | 1994 | triphop electronic | sad romantic
    Björk | Hyperballad | 1995 | electronic artpop | dreamy hopeful
    Moby | Porcelain | 1999 | electronic | calm dreamy
    The Chemical Brothers | Hey Boy Hey Girl | 1999 | electronic | energetic dancing
    The Prodigy | Firestarter | 1996 | electronic punk | angry energetic
    Underworld | Born Slippy | 1996 | electronic | energetic lonely
    Aphex Twin | Windowlicker | 1999 | electronic | dark cool
    Air | La femme d'argent | 1998 | electronic | calm dreamy
    M83 | Midnight City | 2011 | electronic indie | nostalgic epic
    LCD Soundsystem | All My Friends | 2007 | electronic indie | nostalgic energetic

    """
}
