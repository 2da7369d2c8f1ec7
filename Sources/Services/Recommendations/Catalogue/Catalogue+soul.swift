// One song a line: artist | title | year | genres | moods. Names and years are facts; the tags are ours.
extension Catalogue {
  static let soulLines = """
    Aretha Franklin | Respect | 1967 | soul | energetic hopeful
    Otis Redding | (Sittin' On) The Dock of the Bay | 1968 | soul | calm lonely
    Marvin Gaye | What's Going On | 1971 | soul | hopeful calm
    Marvin Gaye | I Heard It Through the Grapevine | 1968 | soul | dark dramatic
    Stevie Wonder | Superstition | 1972 | funk soul | energetic dancing
    Stevie Wonder | Isn't She Lovely | 1976 | soul pop | happy romantic
    Al Green | Let's Stay Together | 1971 | soul | romantic calm
    Bill Withers | Ain't No Sunshine | 1971 | soul blues | sad lonely
    Bill Withers | Lovely Day | 1977 | soul | happy calm
    Sam Cooke | A Change Is Gonna Come | 1964 | soul gospel | hopeful sad
    The Temptations | My Girl | 1964 | soul pop | happy romantic
    The Supremes | You Can't Hurry Love | 1966 | soul pop | happy dancing
    The Jackson 5 | I Want You Back | 1969 | soul pop | happy dancing
    Curtis Mayfield | Move On Up | 1970 | soul funk | hopeful energetic
    James Brown | I Got You (I Feel Good) | 1965 | funk soul | happy energetic
    Parliament | Give Up the Funk | 1975 | funk | happy dancing
    Earth, Wind & Fire | September | 1978 | funk disco | happy dancing
    Sly and the Family Stone | Family Affair | 1971 | funk soul | cool calm
    Nina Simone | Feeling Good | 1965 | jazz soul | hopeful dramatic
    Nina Simone | Sinnerman | 1965 | jazz gospel | dramatic energetic
    Etta James | At Last | 1960 | soul jazz | romantic calm
    Ray Charles | Hit the Road Jack | 1961 | soul blues | energetic angry
    B.B. King | The Thrill Is Gone | 1969 | blues | sad calm
    Muddy Waters | Mannish Boy | 1955 | blues | cool energetic
    John Lee Hooker | Boom Boom | 1961 | blues | cool dancing
    Robert Johnson | Cross Road Blues | 1936 | blues folk | lonely dark
    Miles Davis | So What | 1959 | jazz | cool calm
    Dave Brubeck Quartet | Take Five | 1959 | jazz | cool calm
    John Coltrane | My Favorite Things | 1961 | jazz | dreamy epic
    Billie Holiday | Strange Fruit | 1939 | jazz blues | sad dark
    Ella Fitzgerald | Summertime | 1958 | jazz | calm nostalgic
    Louis Armstrong | What a Wonderful World | 1967 | jazz pop | hopeful calm
    Frank Sinatra | My Way | 1969 | jazz pop | nostalgic dramatic
    Herbie Hancock | Chameleon | 1973 | jazz funk | cool dancing
    Norah Jones | Don't Know Why | 2002 | jazz pop | calm sad
    Lauryn Hill | Doo Wop (That Thing) | 1998 | hiphop soul | cool energetic
    D'Angelo | Untitled (How Does It Feel) | 2000 | rnb soul | romantic calm
    Erykah Badu | On & On | 1997 | rnb soul | cool calm
    Alicia Keys | Fallin' | 2001 | rnb soul | romantic sad
    Frank Ocean | Pink + White | 2016 | rnb pop | nostalgic dreamy
    Solange | Cranes in the Sky | 2016 | rnb soul | sad dreamy
    Grandmaster Flash and the Furious Five | The Message | 1982 | hiphop funk | dark cool
    Public Enemy | Fight the Power | 1989 | hiphop funk | angry energetic
    A Tribe Called Quest | Can I Kick It? | 1990 | hiphop jazz | cool happy
    Dr. Dre | Still D.R.E. | 1999 | hiphop funk | cool energetic
    2Pac | Changes | 1998 | hiphop soul | hopeful sad
    The Notorious B.I.G. | Juicy | 1994 | hiphop funk | nostalgic hopeful
    Nas | N.Y. State of Mind | 1994 | hiphop jazz | dark cool
    OutKast | Hey Ya! | 2003 | hiphop pop | happy dancing
    Eminem | Lose Yourself | 2002 | hiphop rock | energetic dramatic
    Missy Elliott | Work It | 2002 | hiphop electronic | cool dancing
    Jay-Z | 99 Problems | 2003 | hiphop rock | angry cool
    Kendrick Lamar | Alright | 2015 | hiphop jazz | hopeful energetic

    """
}
