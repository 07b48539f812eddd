#!/usr/bin/env python3
"""Makes Tests/Vectors/names/pairs.tsv: labelled pairs of names to choose a matching threshold by.

  python tools/make_name_pairs.py            # writes
  python tools/make_name_pairs.py --check    # exit 1 if the file differs from what this makes

No name is taken from a list of real people: given names, family names and words of firms are drawn at random from the
common ones below, so any likeness is chance. A positive pair is one name and the same under typed noise; a negative
pair is two different names, most of them near ones: the same family name, the same given name, a sibling, a firm of the
same trade. Columns: label (1 same, 0 other), kind of noise, listed name, asked name. Only the standard library.
"""
import pathlib
import random
import sys

OUT = pathlib.Path(__file__).resolve().parent.parent / "Tests/Vectors/names/pairs.tsv"
SEED = 20260601
POSITIVES, NEGATIVES = 2000, 2000

# Each line is one name in spellings that transliteration gives it; the first is the listed one.
GIVEN = """
Mohammed Muhammad Mohamed Mohammad Mohamad Muhammed
Ahmed Ahmad Ahmet|Hussein Husayn Hussain Hossein Husain|Yusuf Youssef Yousef Yusif Yousuf|Ibrahim Ebrahim Ibraheem
Abdullah Abdallah Abdulla|Khalid Khaled|Omar Umar Omer|Mustafa Mostafa Moustafa|Said Saeed Sayeed Sa'id|Fatima Fatimah Fatma
Aisha Aysha Ayesha Aicha|Zainab Zaynab Zeinab|Jamal Gamal Djamal|Tariq Tarek Tareq|Karim Kareem|Rashid Rasheed Rachid
Aleksandr Alexander Oleksandr Aleksander|Sergey Sergei Serguei Serhiy|Dmitry Dmitri Dmitriy Dmytro|Yevgeny Evgeny Evgenii Yevgeniy
Mikhail Mihail Michail Mykhailo|Nikolay Nikolai Mykola|Vladimir Wladimir Volodymyr|Aleksey Alexei Alexey Oleksiy|Andrey Andrei Andrii
Yuri Yury Iurii Yuriy|Yekaterina Ekaterina Katerina|Natalya Natalia Nataliya|Olga Olha|Tatyana Tatiana|Igor Ihor|Pavel Pavlo
Juan|Carlos|Jose José|Luis Luís|Miguel|Jorge|Andres Andrés|Maria María|Ana|Lucia Lucía|Sofia Sofía|Diego|Javier|Raul Raúl
Wei|Jun|Ming|Hui|Xiaoming Xiao-Ming|Jianguo Jian-Guo Chien-kuo|Zhiqiang Chih-chiang|Guohua Kuo-hua|Lihua Li-hua
Chul-soo Cheolsu Chol-su|Young-ho Yongho Yeong-ho|Kim-il Kimil|Sung-min Seongmin Song-min
Jean|Pierre|François Francois|René Rene|Michel|Hélène Helene|Zoë Zoe|Jürgen Jurgen Juergen|Björn Bjorn Bjoern|Søren Soren
John|James|Robert|William|David|Thomas|Peter|Paul|Mark|George|Daniel|Simon|Anna|Mary|Susan|Helen|Laura|Emma
Mehmet|Ayşe Ayse|Çetin Cetin|Gökhan Gokhan|Reza|Ali Aly|Hassan Hasan|Mahmoud Mahmud Mehmood|Farhad Ferhad|Parviz Parvez
Tendai|Chidi|Kwame|Amina Aminah|Joseph Yosef|Emmanuel|Blessing|Samuel|Nkosana|Thabo
"""
FAMILY = """
al-Masri Almasri el-Masry Al Masri|al-Hassan Alhassan el-Hassan|al-Rahman Alrahman Rahman|Haddad Hadad|Khoury Khouri Khuri El-Khoury
Qasim Kassem Qassem Kasim|Nasser Nasir Naser|Aziz Azeez|Farouk Faruq Farooq|Sharif Shareef Cherif|Bakr Bakir|Zaydan Zeidan Zidane
Ivanov Iwanow Ivanoff|Kuznetsov Kuznetzov Kouznetsov|Petrov Petroff|Sokolov Sokoloff|Popov Popoff|Lebedev Lebedeff|Kozlov Kozloff
Shevchenko Chevtchenko Szewczenko|Tkachenko Tkatchenko|Bondarenko|Kovalenko|Tsvetkov Cvetkov|Zhukov Jukov Zhukoff|Chernov Tchernov
Shcherbakov Scherbakov Sherbakov|Vasilyev Vasiliev Vassiliev|Grigoryev Grigoriev|Yakovlev Iakovlev|Khrushchov Khrushchev|Gorbachov Gorbachev
García Garcia|Rodríguez Rodriguez|Martínez Martinez|López Lopez|González Gonzalez|Pérez Perez|Sánchez Sanchez|Ramírez Ramirez|Muñoz Munoz
Restrepo|Ospina|Zapata|Quintero|Valencia|Caicedo|Herrera|Castillo|Mendoza|Vargas
Wang Wong|Li Lee|Zhang Chang Cheung|Chen Chan|Liu Lau|Yang Yeung|Huang Hwang|Zhao Chao|Zhou Chou Chow|Xu Hsu|Guo Kuo Kwok
Kim Gim|Pak Park Bak|Choe Choi|Chong Jeong Jung|Ri Lee Yi|Yun Yoon
Dubois|Lefèvre Lefevre|Müller Mueller Muller|Schröder Schroeder Schroder|Weiß Weiss|Jørgensen Jorgensen Joergensen|Åkesson Akesson Aakesson
Smith Smyth|Johnson Jonson|Williams|Brown Browne|Taylor Tailor|Davies Davis|Wilson Willson|Evans|Clark Clarke|Walker|Hughes|Green Greene
Yılmaz Yilmaz|Şahin Sahin Shahin|Öztürk Ozturk Oeztuerk|Kaya|Demir|Rezaei Rezai Rezaee|Ahmadi Ahmady|Hosseini Husseini Hoseini|Karimi Kareemi
Ndlovu|Okafor|Mensah|Mugabo|Moyo|Dlamini|Abubakar Abu Bakar|Diallo Jallow|Traoré Traore|Banda
"""
CYRILLIC = {
    "Ivanov": "Иванов", "Kuznetsov": "Кузнецов", "Petrov": "Петров", "Sokolov": "Соколов", "Popov": "Попов",
    "Lebedev": "Лебедев", "Kozlov": "Козлов", "Zhukov": "Жуков", "Chernov": "Чернов", "Sergey": "Сергей",
    "Dmitry": "Дмитрий", "Mikhail": "Михаил", "Nikolay": "Николай", "Vladimir": "Владимир", "Andrey": "Андрей",
    "Pavel": "Павел", "Igor": "Игорь", "Olga": "Ольга", "Aleksandr": "Александр", "Yuri": "Юрий", "Bondarenko": "Бондаренко",
    "Kovalenko": "Коваленко", "Tsvetkov": "Цветков", "Tkachenko": "Ткаченко",
}
FIRM = """North South Eastern Western Golden Silver Blue Red Global Pacific Atlantic Caspian Orient Falcon Eagle Lotus
Crescent Summit Delta Omega Alfa Vega Orion Polar Desert Harbour River Mountain Crystal Emerald Royal Union National First""".split()
TRADE = [
    ["Shipping", "Shiping"], ["Trading", "Traders", "Trade"], ["Petroleum", "Petrol"], ["Electronics", "Electronic"],
    ["Logistics", "Logistic"], ["Engineering", "Enginering"], ["Technologies", "Technology", "Tech"], ["Exchange", "Exchanges"],
    ["Industries", "Industry"], ["Maritime", "Marine"], ["Import Export", "Import-Export", "Import & Export"], ["Holding", "Holdings"],
    ["Construction", "Constructions"], ["Investment", "Investments"], ["Aviation", "Air"], ["Chemicals", "Chemical"],
]
FORMS = ["Ltd", "Limited", "LLC", "Co., Ltd.", "Company", "Inc.", "GmbH", "OOO", "JSC", "FZE", "S.A.", "Corporation"]
NEAR_KEYS = {c: n for c, n in zip("qwertyuiopasdfghjklzxcvbnm", "wertyuiopoasdfghjkkxcvbnmn")}


def groups(text):
    return [group.split() if " " in group else [group] for line in text.strip().splitlines() for group in line.split("|")]


def tidy(table):
    """A spelling of two words is written with its words one after another in the tables: put them together."""
    out = []
    for group in table:
        words, index = [], 0
        while index < len(group):
            if group[index] in ("Al", "Abu") and index + 1 < len(group):
                words.append(group[index] + " " + group[index + 1])
                index += 2
            else:
                words.append(group[index])
                index += 1
        out.append(words)
    return out


GIVENS, FAMILIES = tidy(groups(GIVEN)), tidy(groups(FAMILY))


def person(r):
    """Lists of spellings: one to two given names, maybe a middle one, a family name."""
    parts = [r.choice(GIVENS)]
    roll = r.random()
    if roll < 0.40:
        parts.append(r.choice(GIVENS))
    elif roll < 0.50:
        parts += [r.choice(GIVENS), r.choice(FAMILIES)]
    parts.append(r.choice(FAMILIES))
    return parts


def firm(r):
    parts = [[r.choice(FIRM)], r.choice(TRADE)]
    if r.random() < 0.4:
        parts.insert(1, [r.choice(FIRM)])
    if r.random() < 0.3:
        parts.insert(0, r.choice(FAMILIES))
    return parts


def listed(parts):
    return [spellings[0] for spellings in parts]


def typo(r, words):
    words = list(words)
    long = [i for i, w in enumerate(words) if len(w) > 3] or [0]
    i = r.choice(long)
    w = words[i]
    at = r.randrange(1, max(2, len(w) - 1))
    how = r.choice(["lost", "twice", "swapped", "near"])
    if how == "lost":
        w = w[:at] + w[at + 1:]
    elif how == "twice":
        w = w[:at] + w[at] + w[at:]
    elif how == "swapped" and at + 1 < len(w):
        w = w[:at] + w[at + 1] + w[at] + w[at + 2:]
    else:
        w = w[:at] + NEAR_KEYS.get(w[at], "e") + w[at + 1:]
    words[i] = w
    return words


def transliterate(r, parts):
    out = [r.choice(s[1:]) if len(s) > 1 and r.random() < 0.7 else s[0] for s in parts]
    if out == listed(parts):
        rich = [i for i, s in enumerate(parts) if len(s) > 1]
        if rich:
            i = r.choice(rich)
            out[i] = r.choice(parts[i][1:])
    return out


def positive_person(r):
    parts = person(r)
    words = listed(parts)
    name = " ".join(words)
    kind = r.choices(
        ["same", "case", "order", "comma", "typo", "two_typos", "transliterated", "cyrillic", "middle_dropped", "initial",
         "title", "joined", "order_typo", "transliterated_order"],
        [4, 5, 12, 10, 20, 6, 22, 4, 10, 5, 5, 4, 8, 8])[0]
    if kind == "same":
        return kind, name, name
    if kind == "case":
        return kind, name, name.upper()
    if kind == "order":
        return kind, name, " ".join(words[-1:] + words[:-1])
    if kind == "comma":
        return kind, name, f"{words[-1].upper()}, {' '.join(words[:-1])}"
    if kind == "typo":
        return kind, name, " ".join(typo(r, words))
    if kind == "two_typos":
        return kind, name, " ".join(typo(r, typo(r, words)))
    if kind == "transliterated":
        return kind, name, " ".join(transliterate(r, parts))
    if kind == "transliterated_order":
        new = transliterate(r, parts)
        return kind, name, " ".join(new[-1:] + new[:-1])
    if kind == "cyrillic":
        known = [w for w in CYRILLIC]
        given = r.choice([w for w in known if any(w == g[0] for g in GIVENS)])
        family = r.choice([w for w in known if any(w == f[0] for f in FAMILIES)])
        return kind, f"{given} {family}", f"{CYRILLIC[given]} {CYRILLIC[family]}"
    if kind == "middle_dropped":
        if len(words) < 3:
            words = words[:1] + [r.choice(GIVENS)[0]] + words[1:]
        return kind, " ".join(words), f"{words[0]} {words[-1]}"
    if kind == "initial":
        if len(words) < 3:
            words = words[:1] + [r.choice(GIVENS)[0]] + words[1:]
        return kind, " ".join(words), " ".join([words[0], words[1][0] + "."] + words[2:])
    if kind == "title":
        return kind, name, r.choice(["Dr. ", "Mr ", "Mrs. ", "Gen. ", "Sheikh ", "Prof. "]) + name
    if kind == "joined":
        return kind, name, "-".join(words) if r.random() < 0.5 else " ".join(words[:-2] + ["".join(words[-2:])])
    words = typo(r, words)
    return kind, name, " ".join(words[-1:] + words[:-1])


def positive_firm(r):
    parts = firm(r)
    name = " ".join(listed(parts))
    form = r.choice(FORMS)
    kind = r.choices(["firm_form", "firm_form_lost", "firm_typo", "firm_word", "firm_mark"], [5, 5, 5, 4, 3])[0]
    if kind == "firm_form":
        return kind, f"{name} {form}", f"{name} {r.choice([f for f in FORMS if f != form])}"
    if kind == "firm_form_lost":
        return kind, f"{name} {form}", name
    if kind == "firm_typo":
        return kind, f"{name} {form}", " ".join(typo(r, listed(parts))) + " " + form
    if kind == "firm_word":
        return kind, f"{name} {form}", " ".join(transliterate(r, parts))
    return kind, f"{name} {form}", f"\"{name.upper()}\" ({form})"


def differ(a, b):
    return not set(a) & set(b)


def other(r, table, spellings):
    while True:
        found = r.choice(table)
        if differ(found, spellings):
            return found


def spell(r, parts):
    return " ".join(r.choice(s) if r.random() < 0.3 else s[0] for s in parts)


def negative_person(r):
    a = person(r)
    kind = r.choices(["other", "same_family", "same_given", "sibling", "swapped_role"], [25, 30, 20, 20, 5])[0]
    if kind == "other":
        b = person(r)
        while not all(differ(x, y) for x in a for y in b):
            b = person(r)
    elif kind == "same_family":
        b = [other(r, GIVENS, s) if s in GIVENS else s for s in a[:-1]] + [a[-1]]
    elif kind == "same_given":
        b = a[:-1] + [other(r, FAMILIES, a[-1])]
        if len(b) > 2:
            b[1] = other(r, GIVENS, b[1])
    elif kind == "sibling":
        a = [a[0], r.choice(GIVENS), a[-1]]
        b = [other(r, GIVENS, a[0]), other(r, GIVENS, a[1]), a[-1]]
    else:
        a, b = [r.choice(GIVENS), r.choice(FAMILIES)], None
        b = [other(r, GIVENS, a[0]), other(r, FAMILIES, a[1])]
    return kind, " ".join(listed(a)), spell(r, b)


def negative_firm(r):
    a, b = firm(r), firm(r)
    b[-1] = a[-1] if r.random() < 0.6 else b[-1]
    while {s[0] for s in a[:-1]} & {s[0] for s in b[:-1]}:
        b = firm(r)[:-1] + [b[-1]]
    form = r.choice(FORMS)
    return "firm_same_trade" if a[-1] == b[-1] else "firm_other", f"{' '.join(listed(a))} {form}", f"{spell(r, b)} {form}"


def make():
    r = random.Random(SEED)
    rows, seen = [], set()
    for label, count, people, firms in ((1, POSITIVES, positive_person, positive_firm), (0, NEGATIVES, negative_person, negative_firm)):
        made = 0
        while made < count:
            kind, a, b = (people if r.random() < 0.75 else firms)(r)
            if (a, b) not in seen:
                seen.add((a, b))
                rows.append(f"{label}\t{kind}\t{a}\t{b}\n")
                made += 1
    return "label\tkind\tlisted\tasked\n" + "".join(rows)


def main():
    text = make()
    if "--check" in sys.argv[1:]:
        return 0 if OUT.exists() and OUT.read_text(encoding="utf-8") == text else 1
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
