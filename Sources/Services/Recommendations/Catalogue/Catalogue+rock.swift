// One song a line: artist | title | year | genres | moods. Names and years are facts; the tags are ours.
extension Catalogue {
  static let rockLines = """
    Queen | Bohemian Rhapsody | 1975 | rock progressive | dramatic epic
    Queen | Don't Stop Me Now | 1978 | rock pop | happy energetic
    The Beatles | Yesterday | 1965 | rock pop | sad nostalgic
    The Beatles | Here Comes the Sun | 1969 | rock folk | hopeful calm
    The Beatles | Come Together | 1969 | rock blues | dark cool
    The Rolling Stones | Paint It Black | 1966 | rock psychedelic | dark energetic
    The Rolling Stones | Gimme Shelter | 1969 | rock blues | dark dramatic
    Led Zeppelin | Stairway to Heaven | 1971 | rock progressive | epic dreamy
    Led Zeppelin | Kashmir | 1975 | rock metal | epic dark
    Pink Floyd | Wish You Were Here | 1975 | rock progressive | sad nostalgic
    Pink Floyd | Comfortably Numb | 1979 | rock progressive | dreamy dark
    David Bowie | Heroes | 1977 | rock artpop | hopeful epic
    David Bowie | Space Oddity | 1969 | rock folk | lonely dreamy
    Fleetwood Mac | Dreams | 1977 | rock pop | calm sad
    Fleetwood Mac | Go Your Own Way | 1976 | rock pop | angry energetic
    Eagles | Hotel California | 1976 | rock country | dark nostalgic
    The Doors | Riders on the Storm | 1971 | rock psychedelic | dark calm
    Jimi Hendrix | All Along the Watchtower | 1968 | rock psychedelic | energetic dramatic
    Jimi Hendrix | Little Wing | 1967 | rock blues | dreamy calm
    The Who | Baba O'Riley | 1971 | rock | energetic epic
    Deep Purple | Smoke on the Water | 1972 | rock metal | energetic cool
    Black Sabbath | Paranoid | 1970 | metal rock | dark energetic
    Black Sabbath | War Pigs | 1970 | metal rock | angry epic
    AC/DC | Back in Black | 1980 | rock metal | energetic cool
    AC/DC | Thunderstruck | 1990 | rock metal | energetic
    Metallica | Enter Sandman | 1991 | metal | dark energetic
    Metallica | Nothing Else Matters | 1991 | metal rock | romantic calm
    Iron Maiden | The Trooper | 1983 | metal | energetic epic
    Iron Maiden | Fear of the Dark | 1992 | metal | dark epic
    Motörhead | Ace of Spades | 1980 | metal punk | energetic angry
    Judas Priest | Breaking the Law | 1980 | metal | energetic angry
    Guns N' Roses | Sweet Child o' Mine | 1987 | rock metal | romantic energetic
    Bruce Springsteen | Born to Run | 1975 | rock | hopeful energetic
    Dire Straits | Sultans of Swing | 1978 | rock | cool nostalgic
    The Police | Roxanne | 1978 | rock reggae | lonely romantic
    U2 | With or Without You | 1987 | rock | romantic sad
    The Clash | London Calling | 1979 | punk rock | dark energetic
    Ramones | Blitzkrieg Bop | 1976 | punk | happy energetic
    Sex Pistols | Anarchy in the U.K. | 1976 | punk | angry energetic
    Green Day | Basket Case | 1994 | punk rock | energetic lonely
    Joy Division | Love Will Tear Us Apart | 1980 | postpunk indie | sad dark
    The Cure | Just Like Heaven | 1987 | postpunk pop | romantic dreamy
    The Smiths | There Is a Light That Never Goes Out | 1986 | indie rock | romantic sad
    R.E.M. | Losing My Religion | 1991 | rock indie | lonely sad
    Nirvana | Smells Like Teen Spirit | 1991 | grunge rock | angry energetic
    Pearl Jam | Black | 1991 | grunge rock | sad dramatic
    Soundgarden | Black Hole Sun | 1994 | grunge rock | dark dreamy
    Radiohead | Creep | 1992 | indie rock | lonely sad
    Radiohead | No Surprises | 1997 | indie rock | calm sad
    Oasis | Wonderwall | 1995 | rock indie | hopeful romantic
    Blur | Song 2 | 1997 | rock indie | energetic happy
    The Verve | Bitter Sweet Symphony | 1997 | rock indie | epic nostalgic
    Foo Fighters | Everlong | 1997 | rock | romantic energetic
    Red Hot Chili Peppers | Under the Bridge | 1991 | rock funk | lonely calm
    Rage Against the Machine | Killing in the Name | 1992 | metal hiphop | angry energetic
    System of a Down | Chop Suey! | 2001 | metal | angry dramatic
    Linkin Park | In the End | 2000 | metal hiphop | sad energetic
    The White Stripes | Seven Nation Army | 2003 | rock blues | cool energetic
    The Strokes | Last Nite | 2001 | indie rock | energetic cool
    The Killers | Mr. Brightside | 2003 | indie rock | energetic dramatic
    Arctic Monkeys | Do I Wanna Know? | 2013 | indie rock | dark romantic
    Coldplay | Clocks | 2002 | pop rock | hopeful dreamy
    Muse | Knights of Cydonia | 2006 | rock progressive | epic energetic
    Arcade Fire | Wake Up | 2004 | indie rock | epic hopeful
    Tame Impala | The Less I Know the Better | 2015 | psychedelic indie | dreamy sad

    """
}
