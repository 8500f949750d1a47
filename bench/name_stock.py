"""Given names and family-name stems of synthetic cities, in their original scripts.

Each line of given names: Ukrainian, Russian, Belarusian, Polish equivalent. Written apart from the
matcher's table of equivalents, which it must not import.
"""

MEN = """
Олександр Александр Аляксандр Aleksander
Сергій Сергей Сяргей Sergiusz
Володимир Владимир Уладзімір Włodzimierz
Андрій Андрей Андрэй Andrzej
Микола Николай Мікалай Mikołaj
Віктор Виктор Віктар Wiktor
Михайло Михаил Міхаіл Michał
Іван Иван Іван Jan
Василь Василий Васіль Bazyli
Юрій Юрий Юрый Jerzy
Петро Пётр Пётр Piotr
Олексій Алексей Аляксей Aleksy
Дмитро Дмитрий Дзмітрый Dymitr
Богдан Богдан Багдан Bogdan
Ігор Игорь Ігар Igor
Олег Олег Алег Oleg
Ярослав Ярослав Яраслаў Jarosław
Максим Максим Максім Maksym
Роман Роман Раман Roman
Денис Денис Дзяніс Denis
Євген Евгений Яўген Eugeniusz
Артем Артём Арцём Artem
Владислав Владислав Уладзіслаў Władysław
Віталій Виталий Віталь Witalij
Вадим Вадим Вадзім Wadim
Станіслав Станислав Станіслаў Stanisław
Тарас Тарас Тарас Taras
Павло Павел Павел Paweł
Назар Назар Назар Nazary
Ростислав Ростислав Расціслаў Rościsław
Данило Даниил Данііл Daniel
Кирило Кирилл Кірыл Cyryl
Микита Никита Мікіта Nikita
Руслан Руслан Руслан Rusłan
Анатолій Анатолий Анатоль Anatol
Валерій Валерий Валерый Walery
Геннадій Геннадий Генадзь Giennadij
Григорій Григорий Рыгор Grzegorz
Степан Степан Сцяпан Szczepan
Ілля Илья Ілья Eliasz
Єгор Егор Ягор Jegor
Матвій Матвей Мацвей Maciej
Тимофій Тимофей Цімафей Tymoteusz
Антон Антон Антон Antoni
Остап Остап Астап Ostap
Костянтин Константин Канстанцін Konstanty
Леонід Леонид Леанід Leonid
В'ячеслав Вячеслав Вячаслаў Wiaczesław
Федір Фёдор Фёдар Teodor
Семен Семён Сямён Szymon
Яків Яков Якаў Jakub
Марко Марк Марк Marek
Захар Захар Захар Zachariasz
Святослав Святослав Святаслаў Światosław
Гліб Глеб Глеб Gleb
Лев Лев Леў Leon
Йосип Иосиф Іосіф Józef
Мирослав Мирослав Міраслаў Mirosław
Орест Орест Арэст Orest
Едуард Эдуард Эдуард Edward
Арсеній Арсений Арсеній Arseniusz
Лука Лука Лука Łukasz
Любомир Любомир Любамір Lubomir
Пилип Филипп Піліп Filip
Всеволод Всеволод Усевалад Wsiewołod
""".strip().splitlines()

HELD_OUT_MEN = """
Борис Борис Барыс Borys
Георгій Георгий Георгій Jerzy
Зеновій Зиновий Зіновій Zenon
Тихон Тихон Ціхан Tichon
Клим Клим Клім Klemens
Прохор Прохор Прохар Prochor
Аркадій Аркадий Аркадзь Arkadiusz
Давид Давид Давід Dawid
Гордій Гордей Гардзей Gordian
Трохим Трофим Трафім Trofim
Панас Афанасий Апанас Atanazy
Юліан Юлиан Юліян Julian
Родіон Родион Радзівон Rodion
Нестор Нестор Несцер Nestor
Савелій Савелий Савелій Sawelij
""".strip().splitlines()
"""Names that only hold-out cities know."""

WOMEN = """
Олена Елена Алена Helena
Наталія Наталья Наталля Natalia
Тетяна Татьяна Таццяна Tatiana
Ірина Ирина Ірына Irena
Оксана Оксана Аксана Oksana
Світлана Светлана Святлана Swietłana
Людмила Людмила Людміла Ludmiła
Ольга Ольга Вольга Olga
Марія Мария Марыя Maria
Юлія Юлия Юлія Julia
Ганна Анна Ганна Anna
Катерина Екатерина Кацярына Katarzyna
Галина Галина Галіна Halina
Анастасія Анастасия Анастасія Anastazja
Вікторія Виктория Вікторыя Wiktoria
Дарія Дарья Дар'я Daria
Надія Надежда Надзея Nadzieja
Любов Любовь Любоў Lubow
Валентина Валентина Валянціна Walentyna
Інна Инна Іна Inna
Софія София Сафія Zofia
Яна Яна Яна Jana
Аліна Алина Аліна Alina
Христина Кристина Крысціна Krystyna
Лариса Лариса Ларыса Larysa
Віра Вера Вера Wiera
Марина Марина Марына Maryna
Валерія Валерия Валерыя Waleria
Поліна Полина Паліна Paulina
Єлизавета Елизавета Лізавета Elżbieta
Діана Диана Дзіяна Diana
Лілія Лилия Лілія Lilia
Євгенія Евгения Яўгенія Eugenia
Олександра Александра Аляксандра Aleksandra
Соломія Соломия Саламея Salomea
Вероніка Вероника Вераніка Weronika
Маргарита Маргарита Маргарыта Małgorzata
Карина Карина Карына Karina
Аліса Алиса Аліса Alicja
Ніна Нина Ніна Nina
Лідія Лидия Лідзія Lidia
Зоя Зоя Зоя Zoja
Жанна Жанна Жана Żanna
Уляна Ульяна Ульяна Julianna
Злата Злата Злата Złata
Мілана Милана Мілана Milana
Єва Ева Ева Ewa
Ксенія Ксения Ксенія Ksenia
Раїса Раиса Раіса Raisa
Тамара Тамара Тамара Tamara
Ангеліна Ангелина Ангеліна Angelina
Анжеліка Анжелика Анжаліка Angelika
Варвара Варвара Варвара Barbara
Емілія Эмилия Эмілія Emilia
Стефанія Стефания Стэфанія Stefania
Іванна Иванна Іванна Joanna
Ярослава Ярослава Яраслава Jarosława
Мар'яна Марьяна Мар'яна Marianna
Леся Леся Леся Lesia
Роксолана Роксолана Раксалана Roksolana
Дарина Дарина Дарына Daryna
Аріна Арина Арына Aryna
Меланія Мелания Меланія Melania
Віталіна Виталина Віталіна Witalina
Нонна Нонна Нона Nonna
Устина Устинья Усціння Justyna
""".strip().splitlines()

HELD_OUT_WOMEN = """
Нонна Нонна Нона Nonna
Устина Устинья Усціння Justyna
Віталіна Виталина Віталіна Witalina
Елеонора Элеонора Элеанора Eleonora
Антоніна Антонина Антаніна Antonina
Клавдія Клавдия Клаўдзія Klaudia
Мирослава Мирослава Міраслава Mirosława
Агнія Агния Агнія Agnia
Ярина Арина Арына Irena
Пелагея Пелагея Палагея Pelagia
Стелла Стелла Стэла Stella
Таїсія Таисия Таісія Taisja
Юстина Юстина Юстына Justyna
Орися Ирина Ірына Irena
""".strip().splitlines()
"""Names that only hold-out cities know."""

_STEMS = """
шевч ковал бондар ткач кравч мельнич гонч кучер савч марч бойч левч юрч панч дац
петр іван васил федор степан роман павл марк яким семен гнат данил клим лук тимош
захар остап харч проц грин яц кост миколай андрій олійн тарас дем'ян юхим омельян
хом мороз жук вовч заяч лебед горобч солов щерб кабан баран козл бугай комар
чорн біл руд сив рижч довг корот товст крив глух шерех
гриц михал олекс семчиш кирил пилип гаврил ярем захарч мартин
біло чух хмел зінч жайвор цимбал дуд скрип гусл
стадн рибальч пасічн гриб полов черкас волош мазур литв подол ганж
згур розум мудр бадьор хитр смал верет чумач пушкар
шульг гайд запорож січ козач джул мірош дзюб щук карас окун
"""
STEMS = _STEMS.split()
"""Bare stems of Ukrainian family names; suffixes below make the names."""

_ONSETS = "б в г д ж з к л м н п р с т х ч ш кр др пл бр гр ст ск тр хл шк св см дв"
_MIDDLES = "а о у и е"
_CODAS = "б в г д ж з к л м н п р с т х ч ш рб лд нч рк вк мп рж лк дз"
ONSETS, MIDDLES, CODAS = _ONSETS.split(), _MIDDLES.split(), _CODAS.split()
"""Sounds of further stems: real cities have more family names than any list."""

SUFFIXES = ("енко", "ук", "чук", "ський", "ов", "ів", "ець", "ик", "ак", "ин", "ченко", "юк", "ко")
SUFFIX_WEIGHTS = (24, 9, 8, 10, 12, 3, 3, 4, 4, 4, 9, 6, 4)

_MEN = (
    "Jan Piotr Krzysztof Andrzej Tomasz Paweł Michał Marcin Łukasz Jakub Mateusz Wojciech Kacper "
    "Grzegorz Adam Zbigniew Jerzy Tadeusz Marek Rafał Dawid Szymon Kamil Filip Bartosz Maciej "
    "Mariusz Dariusz Sebastian Ryszard Robert Henryk Roman Wiktor Zygmunt Czesław"
)
_WOMEN = (
    "Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Magdalena Zofia Hanna Joanna Krystyna "
    "Monika Aleksandra Dorota Beata Teresa Justyna Natalia Julia Karolina Paulina Marta Oliwia "
    "Weronika Jadwiga Elżbieta Danuta Halina Irena Alicja Sylwia Iwona Grażyna Bożena Urszula"
)
_FAMILIES = (
    "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański "
    "Woźniak Dąbrowski Kozłowski Mazur Jankowski Krawczyk Grabowski Pawłowski Michalski Król "
    "Chmielewski Wieczorek Jabłoński Wróbel Majewski Olszewski Stępień Malinowski Jaworski "
    "Adamczyk Dudek Nowicki Pawlak Górski Witkowski Sikora Baran Rutkowski Michalak Szewczyk "
    "Ostrowski Tomaszewski Pietrzak Zalewski Wróblewski Marciniak Jasiński Zawadzki Bąk Jakubowski "
    "Sadowski Duda Włodarczyk Wilk Chmiel Borkowski Sokołowski Szczepański Sawicki Kucharski "
    "Lis Maciejewski Kubiak Kalinowski Mazurek Wysocki Kołodziej Kaźmierczak Czarnecki Sobczak "
    "Konieczny Urban Głowacki Zakrzewski Wasilewski Krajewski Laskowski Sikorski Ziółkowski Gajewski"
)
POLISH_MEN, POLISH_WOMEN = _MEN.split(), _WOMEN.split()
POLISH_FAMILIES = _FAMILIES.split()

ELSEWHERE = {
    "IND": (
        "Rahul Amit Arjun Vikram Suresh Sanjay Rohan Karthik Anil Deepak Manoj Rajesh Nikhil "
        "Harpreet Gurpreet Ashok Varun Pranav Aditya Kiran Mohan Naveen Sunil Vivek Yash Imran",
        "Priya Anjali Divya Pooja Sneha Kavya Lakshmi Neha Swati Meera Ritu Shreya Aishwarya "
        "Deepa Sunita Nisha Radhika Simran Harleen Asha Geetha Jyoti Madhuri Pallavi Usha",
        "Kumar Singh Patel Sharma Reddy Nair Gupta Iyer Das Joshi Mehta Rao Menon Pillai Verma "
        "Agarwal Banerjee Bhat Chopra Desai Ghosh Jain Kapoor Khanna Kulkarni Malhotra Mishra "
        "Mukherjee Naidu Pandey Saxena Shetty Shah Sinha Srinivasan Thakur Tiwari Varghese Yadav",
    ),
    "VNM": (
        "Van Minh,Duc Anh,Quang Huy,Van Tuan,Hoang Nam,Thanh Son,Van Hung,Minh Duc,Van Dung,"
        "Quoc Khanh,Tuan Anh,Ngoc Son,Van Thang,Huu Phuoc,Trung Kien,Viet Hung,Van Long,Gia Bao",
        "Thi Lan,Thi Huong,Ngoc Anh,Thu Trang,Thi Mai,Minh Chau,Thi Hoa,Thi Thu,Bich Ngoc,"
        "Thi Nga,Phuong Linh,Thi Hanh,Kim Chi,Thanh Thuy,Thi Yen,Hong Nhung,My Linh,Thi Dung",
        "Nguyen Tran Le Pham Hoang Phan Vu Dang Bui Do Ngo Duong Ly Huynh Vo Truong Dinh Lam "
        "Mai Trinh Cao Ho Luong Ha Chu Quach Ta Phung To Kieu Tang",
    ),
    "TUR": (
        "Mehmet Mustafa Ahmet Ali Hüseyin Emre Can Burak Murat Serkan Kerem Oğuz Tolga Cem Onur "
        "Yusuf Ibrahim Hakan Volkan Baran Deniz Kaan Umut Selim Erdem",
        "Ayşe Fatma Elif Zeynep Merve Büşra Selin Esra Gamze Derya Ebru Pınar Özge Ceren Melis "
        "Sibel Nazlı Tuğba Hande Gül Dilek Aslı Buse Ece",
        "Yılmaz Kaya Demir Şahin Çelik Yıldız Öztürk Aydın Özdemir Arslan Doğan Koç Kılıç Aslan "
        "Çetin Kara Kurt Özkan Şimşek Polat Korkmaz Çakır Erdoğan Güneş Yavuz Acar Tekin Bulut "
        "Ünal Taş Aksoy Güler Turan Keskin Avcı Coşkun Yalçın Bozkurt Karaca Duman",
    ),
    "GEO": (
        "Giorgi Davit Levan Nika Zurab Irakli Lasha Tornike Luka Saba Vakhtang Otar Temur Gela "
        "Mamuka Shota Beka Avtandil Malkhaz Archil",
        "Nino Mariam Ana Tamar Ketevan Salome Natia Lela Maka Eka Khatuna Tea Sopio Nana Manana "
        "Lika Tinatin Rusudan Maia Elene",
        "Beridze Kapanadze Gelashvili Maisuradze Lomidze Tsiklauri Kvaratskhelia Gogoladze "
        "Giorgadze Bolkvadze Shengelia Mikeladze Chkheidze Tabatadze Javakhishvili Kiknadze "
        "Khutsishvili Nozadze Abashidze Kobakhidze Janelidze Sulakvelidze Meskhi Gvazava "
        "Zhvania Tskitishvili Dolidze Mchedlishvili Kharaishvili Jikia Lortkipanidze Chanturia",
    ),
    "GBR": (
        "James Daniel Thomas Christopher Matthew Oliver Jack William George Harry Andrew Stephen "
        "Benjamin Samuel Joshua Ryan Liam Connor Nathan Kevin Peter Simon Richard Mark",
        "Emily Charlotte Sarah Jessica Catherine Alice Victoria Rebecca Hannah Lucy Olivia Amelia "
        "Grace Chloe Sophie Megan Laura Rachel Emma Eleanor Helen Claire Jennifer",
        "Smith Jones Taylor Brown Williams Wilson Johnson Davies Walker Wright Hughes Thompson "
        "Robinson White Edwards Green Hall Wood Harris Clarke Jackson Turner Cooper Hill Ward "
        "Morris Moore Baker King Watson Carter Phillips Mitchell Murphy Kelly Bennett Cook Shaw",
    ),
    "UZB": (
        "Sherzod Jasur Bekzod Ulugbek Jamshid Aziz Dilshod Otabek Sardor Farrukh Rustam Anvar "
        "Bobur Islom Javlon Khurshid Mirzo Nodir Shavkat Timur Zafar Akmal Botir Doston",
        "Dilnoza Gulnora Nilufar Shahnoza Zarina Malika Feruza Kamola Lola Madina Nargiza Ozoda "
        "Sabina Umida Yulduz Zulfiya Barno Durdona Gulchehra Iroda",
        "Karimov Rakhimov Yusupov Abdullaev Khodjaev Saidov Tashkentov Nazarov Usmanov Alimov "
        "Azimov Boymatov Davronov Ergashev Fayziev Ganiev Hamidov Ibragimov Juraev Kadyrov Latipov "
        "Mirzaev Nematov Ortikov Pulatov Qodirov Rasulov Sultanov Tursunov Umarov Valiev Ziyaev",
    ),
    "ESP": (
        "José,Carlos,Miguel Ángel,Juan Carlos,Andrés,Javier,Diego,Luis,Fernando,Sergio,Álvaro,"
        "Pablo,Jorge,Alberto,Rubén,Raúl,Óscar,Iván,Manuel,Francisco José",
        "María José,Ana María,Lucía,Carmen,Marta,Sofía,Paula,Laura,Elena,Cristina,Isabel,Rocío,"
        "Pilar,Alba,Irene,Natalia,Beatriz,Silvia,Nuria,María del Mar",
        "García López Martínez Sánchez Pérez Gómez Fernández Díaz Álvarez Muñoz Chávez Ruiz Moreno "
        "Jiménez Hernández Torres Navarro Domínguez Vázquez Ramos Gil Ramírez Serrano Blanco "
        "Molina Suárez Delgado Castro Ortega Rubio Marín Iglesias Núñez Medina Cortés Vidal",
    ),
}  # fmt: skip
"""Country → men's names, women's names, family names; commas part names of several words."""

STREETS = """
ul. Długa|ul. Karmelicka|ul. Królewska|al. Juliusza Słowackiego|ul. Starowiślna|ul. Wielicka
ul. Kapelanka|ul. Dietla|os. Centrum A|os. Na Skarpie|os. Tysiąclecia|os. Złotego Wieku
ul. Jana Pawła II|ul. 29 Listopada|ul. Bronowicka|ul. Armii Krajowej|ul. Balicka|ul. Zakopiańska
ul. Turowicza|ul. Wadowicka|ul. Mogilska|ul. gen. Tadeusza Kościuszki|ul. Prądnicka|ul. Opolska
ul. Lea|ul. Piastowska|ul. Reymonta|ul. Czarnowiejska|ul. Kobierzyńska|ul. Grota-Roweckiego
ul. Bobrzyńskiego|ul. Stella-Sawickiego|ul. Dobrego Pasterza|ul. Młyńska|ul. Meissnera|ul. Lema
ul. Ofiar Dąbia|ul. Nowohucka|ul. Klimeckiego|ul. Lipska|ul. Teligi|ul. Bieżanowska|ul. Wielopole
os. Kalinowe|os. Bohaterów Września|os. Piastów|os. Oświecenia|os. Jagiellońskie|ul. Kocmyrzowska
ul. Conrada|ul. Radzikowskiego|ul. Josepha Conrada|ul. Krowoderskich Zuchów|ul. Łokietka
ul. św. Filipa|ul. Warszawska|ul. Rakowicka|ul. Lubicz|ul. Grzegórzecka|ul. Halicka|ul. Miodowa
""".strip().replace("\n", "|").split("|")  # fmt: skip
