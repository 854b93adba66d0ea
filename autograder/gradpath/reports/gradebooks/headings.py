"""Headings of Moodle's tables in other languages than English, and their places in a worksheet.

The words are those of Moodle's language packs (`assign`, `grades` and `moodle`), with those of
neighbouring versions and countries. A worksheet in any other language is read by position: its
columns stand in the order of `mod/assign/feedback/offline/locallib.php`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_WORDS: Final = {
    # German; Spanish; Catalan; French; Chinese; Portuguese of both countries
    "identifier": "id; identificador; identifiant; 编号; 标识符; 識別碼",
    "full name": "vollständiger name; nombre completo; nom complet; 全名; 姓名; nome completo",
    "username": "anmeldename; nutzername; nombre de usuario; nom d'usuari; nom d'utilisateur;"
    " 用户名; nome de utilizador; nome de usuário; identificação de usuário",
    "id number": "id-nummer; matrikelnummer; número de id; número id; núm. d'id;"
    " numéro d'identification; id号; 学号; id 号; número de identificação",
    "email address": "e-mail-adresse; e-mail; dirección de correo; dirección email;"
    " correo electrónico; dirección de correo electrónico; adreça electrònica; adresse de courriel;"
    " adresse courriel; adresse e-mail; courriel; 电子邮件地址; email地址; 邮箱地址; 电子邮箱;"
    " endereço de e-mail; endereço de email; e-mail",
    "status": "status; estado; estatus; estat; statut; 状态; situação",
    "grade": "bewertung; calificación; qualificació; note; 成绩; nota; avaliação",
    "maximum grade": "bestwertung; höchste bewertung; calificación máxima; qualificació màxima;"
    " note maximale; 最高分; 最高成绩; 最高分数; nota máxima; avaliação máxima",
    "grade can be changed": "bewertung kann geändert werden; la calificación puede ser cambiada;"
    " la calificación se puede cambiar; la qualificació es pot canviar; la note peut être modifiée;"
    " 成绩可以更改; 成绩可以被修改; a nota pode ser alterada; a avaliação pode ser alterada",
    "last modified (submission)": "zuletzt geändert (abgabe); última modificación (entrega);"
    " darrera modificació (tramesa); dernière modification (travail remis);"
    " dernière modification (remise); 最后修改 (提交); última modificação (submissão);"
    " última modificação (envio); última modificação (trabalho)",
    "last modified (grade)": "zuletzt geändert (bewertung); última modificación (calificación);"
    " darrera modificació (qualificació); dernière modification (note); 最后修改 (成绩);"
    " última modificação (nota); última modificação (avaliação)",
    "first name": "vorname; nombre; nom; prénom; 名; nome; primeiro nome",
    "last name": "nachname; apellido(s); apellidos; cognoms; nom de famille; 姓; 姓氏; apelido;"
    " sobrenome; último nome",
    "institution": "institution; institución; institució; 机构; 单位; instituição",
    "department": "abteilung; departamento; departament; département; 系; 院系",
    "last downloaded from this course": "letzter download aus diesem kurs;"
    " último descargado de este curso; última descarga de este curso;"
    " darrera baixada d'aquest curs; dernier téléchargement depuis ce cours;"
    " 最后从本课程下载; último descarregamento desta disciplina; último download deste curso",
}
_ENGLISH: Final = {
    word.strip(): name for name, words in _WORDS.items() for word in words.split(";")
}
_PERSON: Final = {"identifier", "username", "id number", "email address"}
NO: Final = ("no", "nein", "non", "否", "não", "nao", "nej", "nee", "nie", "ei", "いいえ", "нет")
"""The word in "Grade can be changed" for a grade that is locked."""

_IDENTIFIER: Final = re.compile(r"\D{2,}[0-9]+")
_NUMBER: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


def moodle_names(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str] | None:
    """Return the English names of the columns of a table of Moodle's in another language.

    Returns:
        A name for each column, its own where it is not known; None if the table is not Moodle's.
    """
    plain = [title.strip().casefold() for title in header]
    names = [_ENGLISH.get(re.sub(r"\s+", " ", title), title) for title in plain]
    if "first name" in names and "nom" in plain and "prénom" in plain:
        names[plain.index("nom")] = "last name"  # French; in Catalan it is the first name
    known = set(names) & _WORDS.keys()
    is_worksheet = {"identifier", "grade", "last modified (grade)"} <= known
    if is_worksheet or ("identifier" not in known and known & _PERSON and len(known) > 2):
        return names if names != plain else None
    return _by_position(names, rows)


def _by_position(names: list[str], rows: Sequence[Sequence[str]]) -> list[str] | None:
    """Return the names of a worksheet's columns in a language that is not known here."""
    if not rows or not all(_IDENTIFIER.fullmatch(row[0].strip()) for row in rows):
        return None
    for column in range(2, len(names) - 2):
        cells = {row[column].strip() for row in rows}
        answers = {row[column + 1].strip() for row in rows}
        if all(map(_NUMBER.fullmatch, cells)) and len(answers) < 3 and all(answers):
            # The time of the submission stands there where something is handed in at all.
            first, *second = names[column + 2 : column + 4]
            both = bool(second) and second[0][:3] == first[:3]
            placed = {
                0: "identifier",
                1: "full name",
                column - 1: "grade",
                column: "maximum grade",
                column + 1: "grade can be changed",
                column + 2 + both: "last modified (grade)",
            }
            return [placed.get(index, name) for index, name in enumerate(names)]
    return None
