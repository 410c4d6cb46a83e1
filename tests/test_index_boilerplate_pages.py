"""Boilerplate of whole pages, marked line by line: ``F`` boilerplate, ``S`` story, ``~`` either."""

import pytest
from boilerplate import removed

PAGES = {
    "broadcaster": (
        "Tarn counts the cost of the flood",
        """
F Skip to main content
F Home | News | Sport | Weather | Travel
F Menu
F Watch Live
F Tarn counts the cost of the flood
F By Tom Reed
F Published 12 March 2019, 14:05 GMT
F 3 min read
F Share
F Facebook
F Twitter
F WhatsApp
F Copy link
S The town of Tarn began to count the cost of the flood on Wednesday as the water fell.
S At least 40 houses cannot be lived in, the council said.
F Advertisement
S "Nobody slept," said baker Ines Vogel. "We carried flour to the attic all night."
F Related topics
~ Floods
F More on this story
F Image caption
S The council will meet on Friday. It has asked the state for two million euros.
F You may also like
F Comments
F Leave a reply
F Your email address will not be published. Required fields are marked *
F © 2019 Tarn Broadcasting. All rights reserved.
F Terms of use
F Privacy policy
""",
    ),
    "agency with consent notice": (
        "",
        """
F We use cookies to give you the best experience on our website. Manage your settings.
F Accept all
S PORT ELAN, June 3 (Wire) - Dockers in Port Elan ended a nine-day strike on Monday, a union said.
S The port handles a third of the country's grain.
S Reporting that rates had doubled, shippers had asked the government to step in.
F Reporting by Ana Ruiz; Editing by Paul Kerr
F Our Standards: The Wire Trust Principles.
F Sign up for our daily newsletter to get the news of the day in your inbox.
F Follow us on Twitter
""",
    ),
    "newspaper with links in the story": (
        "Council bans cars from the quay",
        """
F Council bans cars from the quay | The Norden Post
F Jane Doe
F The Norden Post
S The council voted on Thursday to ban cars from the quay for the summer.
F READ MORE: Five quays to visit this year
S Shop owners had collected 800 signatures against the plan.
F Also read:
F - Ferries To Run Every Ten Minutes
F - Why The Harbour Smells In August
S The ban starts on June 1. Residents may apply for a pass.
F Quay debate:How the councillors voted
S A review is due in October, the council said in a statement.
F Contact Jane Doe at jdoe@nordenpost.example. Follow her on Twitter @janedoe.
F This story has been updated with additional information.
""",
    ),
    "german": (
        "Hafen bleibt geschlossen",
        """
F Startseite
F Suche
F Hafen bleibt geschlossen
F Von Karla Weber
F Stand: 04.05.2018 17:12 Uhr
S Der alte Hafen bleibt bis Ende Mai geschlossen, teilte die Behörde am Freitag mit.
S „Die Pfeiler sind nicht sicher“, sagte Ingenieur Paul Hahn.
F Lesen Sie auch: Warum die Fähren später fahren
F Anzeige
S Die Fähren legen so lange am Nordkai ab. Eine Umleitung ist ausgeschildert.
F Mehr zum Thema
F Newsletter abonnieren
F Impressum
F Datenschutz
""",
    ),
    "russian": (
        "",
        """
F Главная
F Поделиться
S Наводнение в городе Тарн началось во вторник вечером, сообщили спасатели.
S «Такого не было с 1954 года», — сказала мэр Лена Орт.
F Читайте также: Пять городов на реке
S В школе на холме разместили около 300 человек. Им раздали тёплую еду.
F Подписывайтесь на наш канал в Telegram
F Комментарии (0)
F Open in new window
F Все права защищены
""",
    ),
    "french and spanish": (
        "",
        """
F Accueil
S La crue a atteint la vieille ville mardi soir, selon les services de secours.
S Environ 300 personnes ont été conduites dans une école, a dit la maire.
F À lire aussi : Cinq villes au bord de l'eau
S Los vecinos volvieron a sus casas el viernes por la mañana, dijo el alcalde.
F Síguenos en Facebook
F Tous droits réservés
""",
    ),
    "icons and notice": (
        "",
        """
F icon-search icon-menu icon-close icon-share icon-facebook icon-arrow-left
S The bridge over the Elm reopened on Sunday after a year of repairs.
S Drivers queued for an hour to be among the first, police said.
S The work cost four million euros, twice what had been planned.
F Dear readers,
F We are changing our comment system and you will need to create a new account.
F Thank you for your patience,
F The web team
""",
    ),
    "interview": (
        "",
        """
S Ten years ago Ada Lind opened a bookshop in a village of ninety people.
S Question: Did anybody tell you not to?
S Ada Lind: Everybody did.
S Question: And now?
S No.
S Why not?
S I agree that it was mad. Commenting on it never helped.
S Thank you.
""",
    ),
    "findings": (
        "",
        """
S The inquiry into the ferry accident published its report on Monday after two years of work.
S Its main findings are:
S 1. The bow door was open
S 2. No alarm was fitted
S 3. The crew had worked for 19 hours
S The ministry said that it would study the report. Families asked for more:
S - a public apology
S - new doors on every ferry
S - Facebook
""",
    ),
    "table": (
        "",
        """
S The league published the results of the last round late on Sunday evening.
S Team | Won | Lost
S Norden | 12 | 3
S Tarn | 9 | 6
S Emden and Port Elan meet in the final on Saturday, the league said.
S Date: Saturday, July 14
S Time: 6:30 p.m.
S Where: Old Quay Stadium
""",
    ),
    "words that sound like boilerplate": (
        "",
        """
S Subscribers left the magazine in droves after it doubled its price in the spring.
S By Monday everyone was gone.
S Cookies and cake were sold to pay for the new roof of the village hall in Tarn.
S "Sign up today," the recruiter told them, and eleven of them did.
S Follow-up checks in May found no more mould in the archive of the newspaper.
S Photos from the scene showed smoke above the harbour.
S Copyright law will change in May, the minister of justice told parliament on Tuesday.
S More than 40 houses burned.
S To join the debate, ministers flew back to the capital on Thursday night.
S Use of the old pesticide is prohibited under the treaty.
S Related to the king by marriage, the duke was never popular in the north of the country.
S Comments by the minister were read out in court.
S Already a member of the bloc, the island wants a say in its rules as well.
S It was over.
""",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_page(name):
    title, marked = PAGES[name]
    lines = [line.split(" ", 1) for line in marked.strip().split("\n")]
    text = "\n".join(line for _, line in lines)
    found = removed(text, title)
    assert [line for mark, line in lines if mark == "F" and line not in found] == []
    assert [line for mark, line in lines if mark == "S" and line in found] == []
