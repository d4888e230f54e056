"""The few words of the site's own pages, in the six official languages of the United Nations."""

#: what each language calls itself
LANGUAGES = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "español",
    "fr": "français",
    "it": "italiano",
    "ja": "日本語",
    "ko": "한국어",
    "pt": "português",
    "ru": "русский",
    "zh": "中文",
}

LABELS = {
    "en": {
        "news": "News",
        "site": "News by organisation",
        "home": "All organisations",
        "newer": "Newer",
        "older": "Older",
        "pages": "Older and newer news",
        "elsewhere": "Languages and feeds",
        "skip": "Skip to the content",
        "sitemap": "Site map for search engines",
    },
    "fr": {
        "news": "Actualités",
        "home": "Toutes les organisations",
        "newer": "Plus récentes",
        "older": "Plus anciennes",
        "pages": "Actualités plus anciennes et plus récentes",
        "elsewhere": "Langues et flux",
        "skip": "Aller au contenu",
    },
    "es": {
        "news": "Noticias",
        "home": "Todas las organizaciones",
        "newer": "Más recientes",
        "older": "Más antiguas",
        "pages": "Noticias más antiguas y más recientes",
        "elsewhere": "Idiomas y canales",
        "skip": "Ir al contenido",
    },
    "ru": {
        "news": "Новости",
        "home": "Все организации",
        "newer": "Более новые",
        "older": "Более старые",
        "pages": "Более старые и новые новости",
        "elsewhere": "Языки и ленты",
        "skip": "Перейти к содержанию",
    },
    "zh": {
        "news": "新闻",
        "home": "所有组织",
        "newer": "较新",
        "older": "较早",
        "pages": "较早与较新的新闻",
        "elsewhere": "语言与订阅源",
        "skip": "跳到正文",
    },
    "ar": {
        "news": "الأخبار",
        "home": "جميع المنظمات",
        "newer": "الأحدث",
        "older": "الأقدم",
        "pages": "الأخبار الأقدم والأحدث",
        "elsewhere": "اللغات والخلاصات",
        "skip": "انتقل إلى المحتوى",
    },
}


def labels(language: str) -> dict[str, str]:
    """Give the words in a language; what it lacks is in English."""
    return LABELS["en"] | LABELS.get(language.split("-", maxsplit=1)[0], {})
