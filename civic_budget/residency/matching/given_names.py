"""Given names that are one name in different languages, which no skeleton sees.

Names of men and women are never equivalent, nor are short forms that documents don't carry. The
first name of a line is the root whose skeleton stands for the whole group in the keys.
"""

from civic_budget.residency.matching.fold import fold

MEN = """
Oleksandr Aleksandr Aleksander Alexander Aliaksandr Alexandre Alexandru Alejandro Alessandro
Oleksii Aleksei Alexey Aleksy Alexis Aliaksei Alexei Oleksa Aleksiej
Andrii Andrei Andrzej Andrey Andrew Andreas Andre Andriej Andriy
Nikolai Mykola Mikołaj Nikolay Mikalai Nicholas Nicolae Nikolaj Nikola Nicolas Mikola
Yevhenii Evgenii Yevhen Evgeniy Eugeniusz Yauheni Yevgeny Eugene Evgeny Jewgienij Eugen Evhen
Yevgenii Jewhen Yauhen Jewhenij Jauhien Evgueni Ievgen
Volodymyr Vladimir Włodzimierz Uladzimir Wladimir Volodimir Wołodymyr
Vladyslav Vladislav Władysław Uladzislau Ladislav Wladislaw
Serhii Sergei Sergey Siarhei Sergiusz Serge Serhiy Siergiej Sergio Serguei
Dmytro Dmitrii Dmitry Dzmitry Dymitr Dimitri Dmitriy Dmitrij Dimitar Dmitro
Mykhailo Mikhail Michał Michal Mikhailo Mikhal Michael Miguel Mihail Michel Michajło Mihai Mychajło
Petro Petr Piotr Pyotr Peter Piatro Pedro Pierre Pjotr
Pavlo Pavel Paweł Pavieł Paul Pablo Paulo Paval
Ivan Jan John Johannes Joao Juan Jean Yan Giovanni Iwan Johann
Yurii Jurij Jerzy Yury Yuriy Iurii Iouri Juraj Jurii Jury
Heorhii Georgii Giorgi George Georgiy Heorhiy Gheorghe Georgios Gieorgij Georgi Jorge
Yehor Egor Yahor Iegor Jegor Jehor Jahor
Ihor Igor Ihar
Oleh Oleg Aleh Olieg
Hryhorii Grigorii Grzegorz Ryhor Gregory Grigory Grigori Hryhor Grigoriy Grigore Grigorij
Vasyl Vasilii Vasily Wasyl Vasil Bazyli Basil Vasiliy Wasilij Vasile
Yakiv Yakov Jakub Jakob Jacob Iakov Jakow Yakau Jakiw James
Fedir Fedor Fyodor Teodor Theodor Fiodor Theodore Fiodar Todor
Semen Semyon Szymon Simon Siamion Simeon Siemion
Stepan Szczepan Stefan Stephen Stsiapan Steven Stephan Stiepan
Yosyp Iosif Józef Joseph Osip Yazep Josef Jose Osyp Josip
Tymofii Timofei Tymoteusz Timothy Tsimafei Timofey Tymofiy Timofiej
Matvii Matvei Maciej Matthias Matvey Matsvei Matwij Matwiej
Mateusz Matthew Matteo Mathieu Mateo Matei
Luka Łukasz Lukas Lukasz Lucas Lukash Luca
Mykyta Nikita Mikita
Kyrylo Kirill Kiryl Cyryl Kirył Cyril Kirilo Kirillo Kyryło
Danylo Daniil Daniel Danila Danil Daniła Danyil Danilo Danyło
Illia Ilya Eliasz Elias Ilia Ilja Ilija
Artem Artiom Artsiom Artyom Artemii
Denys Denis Dzianis Dionizy Dennis
Maksym Maksim Maxim Maxym
Kostiantyn Konstantin Konstanty Constantine Kanstantsin Konstantyn Constantin Kostyantyn
Anatolii Anatoly Anatol Anatolij Anatoliy
Valerii Valery Walery Walerij Valeriy Valeri Valeriu
Vitalii Vitaly Witalij Vitaliy Vital Witalis Vitali
Vadym Vadim Wadim Wadym Vadzim
Viktor Victor Wiktor Viktar
Valentyn Valentin Walenty Valiantsin Walentyn
Viacheslav Vyacheslav Wiaczesław Viachaslau Wacław Vaclav
Yaroslav Jarosław Yaraslau Iaroslav Jaroslav
Stanislav Stanisław Stanislau Stanislas
Rostyslav Rostislav Rościsław Rastislau
Sviatoslav Svyatoslav Światosław Sviataslau Swiatosław
Mstyslav Mstislav Mścisław
Vsevolod Usevalad Wsiewołod Wsewolod
Miroslav Myroslav Mirosław Miraslau
Bohdan Bogdan Bahdan
Leonid Leanid Leonidas
Lev Lew Leon Leo Leu Léon
Mark Marko Marek Marc Marcus Markus
Martyn Martin Marcin Marten
Filip Pylyp Philip Filipp Philipp Phillip Felipe Pilip
Anton Antoni Antonii Anthony Antin Antonio Antoine
Roman Raman
Hennadii Gennady Gennadii Henadz Giennadij Gennadiy Henadii
Havrylo Gavriil Gabriel Hauryla Havriil
Zakhar Zachar Zachariasz Zakharii Zachary
Ostap Eustachy Evstafii Ostafii
Arsenii Arseny Arseniusz Arsen Arsenij Arseniy
Ruslan Rusłan
Eduard Edward Eduardo Edvard
Albert Albrecht
Artur Arthur Arturo
Robert Roberto
Herman German Hermann
Tomasz Thomas Tomas Foma Khoma Tamash
Kryshtof Krzysztof Christopher Khrystofor Christophe Cristobal
Bartłomiej Bartholomew Varfolomii Bartosz
Yefrem Efrem Efraim
Yukhym Efim Yefim Jefim Joachim
Hlib Gleb Hleb
Makar Makarii
Demian Damian Demyan Damien Dziamyan
Platon Płaton
Nazar Nazarii Nazary Nazariusz Nazarij Nazariy
Taras Tarasii
Orest Orestes
Liubomyr Lubomyr Lubomir Lyubomyr Ljubomir
Zenovii Zenon Zinovii
Muhammad Mohammed Mohamed Mohammad Mohamad Muhammed Mahomet
Ahmed Ahmad Achmed Akhmed Ahmet Akhmad
Yusuf Yousef Youssef Yusif Yousuf
Ibrahim Ibragim Ebrahim
Ismail Ismael Izmail
Hussein Husein Hussain Huseyn Hüseyin Gusein
Hasan Hassan Khasan Gasan
Omar Umar Omer Ömer
Said Sayed Saeed Seyed
Omelian Emilian Emelian Amielian
Arkadii Arkady Arkadiusz Arkadz Arkadiy
Borys Boris Barys
Davyd David Dawid Davit Davide
Trokhym Trofim Trafim
Panas Opanas Afanasii Apanas Atanazy Athanasius
Yulian Julian Julien
Klym Klim Klemens Clement Klyment
Tykhon Tikhon Tsikhan Tichon
Rodion Radzivon
Nestor Niestser
Savelii Saveli Sawelij
Lavrentii Lavrenty Lawrenty Wawrzyniec Laurence Lawrence
Hordii Gordei Hardzei
Marian Marjan
Radoslav Radosław
Rafael Rafał Raphael
Khrystyian Christian Krystian Kristian
Benjamin Veniamin Beniamin
Samuil Samuel Samuił
Solomon Salomon
Avraam Abraham
Mustafa Mostafa Moustafa
""".strip().splitlines()

WOMEN = """
Oleksandra Aleksandra Alexandra Aliaksandra Alessandra Alejandra
Olena Elena Helena Alena Yelena Jelena Helen Ołena Hélène
Kateryna Ekaterina Katarzyna Katsiaryna Katherine Katerina Catherine Yekaterina Jekaterina Katarina
Hanna Anna Ganna Anne Ann Ana Hannah
Mariia Maria Maryia Marya Mary Marija Marie Mariya Maryja
Olha Olga Volha Ołha Wolha Olya
Iryna Irina Irena Irene Irène Iryne
Natalia Nataliia Natalya Nataliya Nathalie Natallia
Tetiana Tatiana Tatyana Tatsiana Tetyana Tacjana Tatjana
Svitlana Svetlana Sviatlana Switłana Swietłana Svitłana
Liudmyla Lyudmila Ludmiła Liudmila Ludmila Lyudmyla Ludmyła
Liubov Lyubov Lubow Liubou Lubov
Halyna Galina Halina Hałyna Galyna
Nadiia Nadezhda Nadzieja Nadzeya Nadiya Nadieżda Nadia Nadija
Vira Vera Wiera Wira Viera
Yuliia Yulia Julia Iuliia Julija Yuliya Juliia Juliya Giulia
Sofiia Sofia Zofia Sophia Sofya Sofiya Sofja Sophie
Yevheniia Evgenia Eugenia Yauheniya Yevgeniya Evgeniia Jewhenija Jewgienija Evgeniya Yevgenia
Yelyzaveta Elizaveta Elżbieta Elizabeth Lizaveta Yelizaveta Jelizawieta Jełyzaweta Elisabeth
Oksana Aksana Oxana Axana
Kseniia Ksenia Xenia Kseniya Ksienija
Daria Dariia Darya Daryia Dariya Darja
Daryna Darina
Anastasiia Anastasia Anastazja Nastassia Anastasiya Anastasija Anastasja
Viktoriia Viktoria Wiktoria Victoria Viktoryia Viktoriya Wiktorija
Valeriia Valeria Waleria Valeryia Valeriya Walerija
Valentyna Valentina Walentyna Valiantsina
Marharyta Margarita Małgorzata Margaret Margaryta Marguerite Margherita
Khrystyna Kristina Krystyna Christina Krystsina Khristina Cristina Kristyna Chrystyna
Larysa Larisa Łarysa Larissa
Lidiia Lidia Lydia Lidziya Lidiya Lidija
Yana Jana Iana
Ivanna Joanna Johanna Ioanna Iwanna Joana Jeanne Ioana
Zhanna Żanna Janna Dzhanna
Polina Paulina Palina Pauline Paola Paula
Uliana Ulyana Juliana Ułana Julianna Uljana
Varvara Barbara Warwara Varvara
Marianna Mariana Marjana
Maryna Marina Maryne
Karyna Karina Karine
Alisa Alicja Alice Alicia Alisia Alica
Alina Alyna
Anzhelika Angelika Andżelika Angelica Anżelika
Anhelina Angelina Anielina Anhielina
Yeva Eva Ewa Eve Jewa Iewa
Emiliia Emilia Emily Emiliya Emilija
Liliia Lilia Lilya Liliya Lilija Lily Lilian
Zoia Zoya Zoja Zoe
Inna Ina
Kira Kyra Cyra
Tamara Tamar
Raisa Raissa Raisija
Rymma Rimma Rima
Snizhana Snezhana Śnieżana Sniażana
Solomiia Salome Salomea Solomiya Sołomija Salomeya
Stefaniia Stefania Stephanie Stefaniya Stsefaniya Stefanija
Veronika Weronika Veranika Veronica
Vladyslava Vladislava Władysława Uladzislava
Yaroslava Jarosława Yaraslava
Myroslava Miroslava Mirosława
Bohdana Bogdana Bahdana
Stanislava Stanisława
Ruslana Rusłana
Romana Ramana
Zinaida Zinaïda Zinajida
Yevdokiia Evdokia Eudokia Jewdokija
Vasylyna Vasilina Wasylyna
Olesia Alesia Ołesia Olesya Alesya
Diana Dziyana Dajana
Tereza Teresa Theresa Tereziia Thérèse
Ahata Agata Agatha Agafia
Magdalena Magdalyna Madeleine Mahdalina
Marta Martha Marfa
Ahnieszka Agnieszka Agnes Ahnes
Roksolana Roksana Roxana
Antonina Antanina Antonia
Klavdiia Klavdia Klaudia Claudia Klaudzia
Eleonora Eleanora Eleanor
Taisiia Taisia Taisja
Yustyna Justyna Justina Ustyna Ustinia
Pelahia Pelageia Pelagia Palahieia
Emma Ema
Laura Lora
Sara Sarah
Rebeka Rebecca
Izabela Isabel Isabella Izabella
Beata Beate
Beatrycze Beatriz Beatrice
Silviia Silvia Sylwia Sylvia
Karolina Carolina Caroline Karolyna
Monika Monica
Dorota Dorothea
Urszula Ursula
Lucja Łucja Lucia Lucy Liutsiia
Aisha Aysha Aicha Ayşe Aise
Fatima Fatma Fatemeh Fatyma
Zeinab Zainab Zeynep Zaynab
Leila Leyla Layla Laila
""".strip().splitlines()

_SINGLE = """
Nina Nonna Alla Ella Arina Milana Zlata Aurora Malvina Regina Sabina Irma Nelli Stella Elvira
Albina Renata Dana Yaryna Orysia Lesia Vitalina Ahniia Melaniia Nika Mila Lada Rada Aida Ada
Ilona Elina Ivona Grażyna Bożena Jadwiga Danuta Kinga Oliwia Mariam Maia Nana Lela Tea
Zbigniew Tadeusz Mariusz Dariusz Sebastian Ryszard Henryk Zygmunt Czesław Wojciech Kacper Kamil
Rustam Timur Tamerlan Marat Rinat Renat Ildar Damir Azamat Aslan Artyk Orhan
Prokhor Nykyfor Yermolai Yevstakhii Kazymyr Liubomyra Hordana Emil Marcel Oskar Ihnat
"""
"""Known names with no other form; two different known names are clearly different people."""


def _groups(lines: list[str]) -> dict[str, str]:
    roots: dict[str, str] = {}
    for line in lines:
        forms = [fold(form) for form in line.split()]
        for form in forms:
            roots.setdefault(form, forms[0])
    return roots


# A form that both lists have (Michal) is looked up among men first; roots differ by list.
_ROOTS = {**_groups(_SINGLE.split()), **_groups(WOMEN), **_groups(MEN)}


def root_name(folded: str) -> str:
    """The folded root of a folded given name's group; "" for a name that the table lacks.

    Polish hands write a soft e as *ie* (Aleksiej, Siergiej), which the table does not repeat.
    """
    return _ROOTS.get(folded) or _ROOTS.get(folded.replace("ie", "e"), "")
