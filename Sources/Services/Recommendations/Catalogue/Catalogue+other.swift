// One song a line: artist | title | year | genres | moods. Names and years are facts; the tags are ours.
extension Catalogue {
  static let otherLines = """
    Bob Dylan | Like a Rolling Stone | 1965 | folk rock | angry epic
    Bob Dylan | Blowin' in the Wind | 1963 | folk | hopeful calm
    Joni Mitchell | Both Sides, Now | 1969 | folk | nostalgic calm
    Joni Mitchell | A Case of You | 1971 | folk | romantic sad
    Simon & Garfunkel | The Sound of Silence | 1965 | folk rock | lonely dark
    Simon & Garfunkel | Mrs. Robinson | 1968 | folk pop | happy nostalgic
    Leonard Cohen | Suzanne | 1967 | folk | romantic calm
    Leonard Cohen | Hallelujah | 1984 | folk gospel | dramatic sad
    Jeff Buckley | Grace | 1994 | rock folk | dramatic romantic
    Nick Drake | Pink Moon | 1972 | folk | calm lonely
    Nick Drake | River Man | 1969 | folk jazz | dreamy sad
    Neil Young | Heart of Gold | 1972 | folk rock | lonely hopeful
    Cat Stevens | Father and Son | 1970 | folk | sad nostalgic
    Tracy Chapman | Fast Car | 1988 | folk pop | hopeful lonely
    Bon Iver | Skinny Love | 2007 | folk indie | sad lonely
    Fleet Foxes | White Winter Hymnal | 2008 | folk indie | dreamy nostalgic
    Sufjan Stevens | Chicago | 2005 | folk indie | hopeful epic
    Johnny Cash | Ring of Fire | 1963 | country | romantic energetic
    Johnny Cash | I Walk the Line | 1956 | country | romantic calm
    Dolly Parton | Jolene | 1973 | country | sad dramatic
    Willie Nelson | On the Road Again | 1980 | country | happy hopeful
    Patsy Cline | Crazy | 1961 | country | sad romantic
    Hank Williams | I'm So Lonesome I Could Cry | 1949 | country | lonely sad
    Kacey Musgraves | Slow Burn | 2018 | country pop | calm dreamy
    Bob Marley and the Wailers | No Woman, No Cry | 1974 | reggae | hopeful nostalgic
    Bob Marley and the Wailers | Three Little Birds | 1977 | reggae | happy calm
    Jimmy Cliff | Many Rivers to Cross | 1969 | reggae soul | sad hopeful
    Toots and the Maytals | Pressure Drop | 1970 | reggae | energetic happy
    The Specials | Ghost Town | 1981 | reggae punk | dark cool
    Buena Vista Social Club | Chan Chan | 1997 | latin | nostalgic calm
    Celia Cruz | La vida es un carnaval | 1998 | latin | happy dancing
    Héctor Lavoe | El cantante | 1978 | latin | dramatic dancing
    Santana | Oye cómo va | 1970 | latin rock | dancing cool
    Shakira | Whenever, Wherever | 2001 | latin pop | dancing energetic
    Rosalía | Malamente | 2018 | latin pop | dark dancing
    Astrud Gilberto | The Girl from Ipanema | 1964 | latin jazz | calm romantic
    Jorge Ben | Mas que nada | 1963 | latin jazz | happy dancing
    Caetano Veloso | Tropicália | 1968 | latin psychedelic | dramatic dreamy
    Cesária Évora | Sodade | 1992 | african folk | nostalgic sad
    Fela Kuti | Water No Get Enemy | 1975 | african funk | cool dancing
    Miriam Makeba | Pata Pata | 1967 | african | happy dancing
    Youssou N'Dour | 7 Seconds | 1994 | african pop | hopeful sad
    Ali Farka Touré | Savane | 2006 | african blues | calm lonely
    Tinariwen | Cler Achel | 2007 | african blues | nostalgic hopeful
    Édith Piaf | Non, je ne regrette rien | 1960 | chanson | dramatic hopeful
    Jacques Brel | Ne me quitte pas | 1959 | chanson | sad romantic
    Serge Gainsbourg | Bonnie and Clyde | 1968 | chanson pop | cool dark
    Françoise Hardy | Tous les garçons et les filles | 1962 | chanson pop | lonely nostalgic
    Nena | 99 Luftballons | 1983 | pop rock | energetic hopeful
    Rammstein | Engel | 1997 | metal electronic | dark dramatic
    Okean Elzy | Obiymy | 2013 | rock pop | romantic hopeful
    Ludwig van Beethoven | Moonlight Sonata | 1801 | classical | calm sad
    Johann Sebastian Bach | Air on the G String | 1731 | classical | calm dreamy
    Antonio Vivaldi | Spring | 1725 | classical | happy hopeful
    Claude Debussy | Clair de lune | 1905 | classical | dreamy calm
    Erik Satie | Gymnopédie No. 1 | 1888 | classical | calm lonely
    Carl Orff | O Fortuna | 1937 | classical | epic dramatic
    Samuel Barber | Adagio for Strings | 1938 | classical | sad dramatic
    Philip Glass | Opening | 1982 | classical electronic | calm dreamy

    """
}
