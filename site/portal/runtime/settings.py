"""The only reader of environment variables. Returns frozen, checked Settings, or raises with every problem."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from portal.runtime.card_companies import CARD_COMPANIES
from portal.runtime.sample_company import sample_company, traces_of_the_sample
from portal.runtime.setting_checks import (
    MAIL_ADDRESS,
    SHORTEST_SECRET,
    UnsafeSettings,
    is_mail_server,
    is_on_this_machine,
    is_safe_address,
    is_strong,
    is_webhook,
)

LOOPBACK = "127.0.0.1"
DATABASES = ("sqlite:///", "postgres://", "postgresql://")
INSTALLATION_PATTERN = re.compile(r"[a-z0-9][a-z0-9-]{2,31}")


@dataclass(frozen=True)
class Settings:
    demo: bool
    database_url: str = field(repr=False)
    data_folder: Path
    company_folder: Path
    secret_key: str = field(repr=False)
    data_keys: tuple[str, ...] = field(repr=False)
    public_url: str
    installation_id: str
    card_company: str | None
    notice_secret: str = field(repr=False)
    trusted_proxies: int
    host: str
    port: int
    threads: int = 8
    processes: int = 1
    charges_at_once: int = 8
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = ""
    provision_url: str | None = field(default=None, repr=False)
    provision_secret: str = field(default="", repr=False)
    log_json: bool = False
    alert_mail: str = ""
    access_log: bool = False
    metrics_token: str = field(default="", repr=False)
    card_settings: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_https(self) -> bool:
        """Sets Secure cookies and HSTS."""
        return self.public_url.startswith("https://")


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Read and check the environment. Raises UnsafeSettings with every problem at once."""
    problems: list[str] = []
    settings = _read(environ, problems)
    problems += _unsafe_in_demo(settings, environ) if settings.demo else _unsafe_in_real_use(settings, environ)
    if problems:
        raise UnsafeSettings(*problems)
    return settings


def settings_of_real_use(environ: Mapping[str, str]) -> Settings:
    """The same, and refuses a demo. Raises UnsafeSettings."""
    settings = settings_from(environ)
    if settings.demo:
        raise UnsafeSettings("DEMO=1 では本番用の操作はできません。デモは ./run demo で始められます。")
    return settings


def home() -> Path:
    """The checkout. For an installed package: the current folder."""
    checkout = Path(__file__).resolve().parents[3]
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


def sqlite_url(data_folder: Path) -> str:
    return f"sqlite:///{data_folder / 'portal.db'}"


def _read(environ: Mapping[str, str], problems: list[str]) -> Settings:
    demo = _switch(environ, "DEMO", problems)
    port = _number(environ, "PORT", 8000, range(1, 65536), problems)
    data_folder = Path(environ.get("DATA_FOLDER") or home() / "data").resolve()
    row = CARD_COMPANIES.get(environ.get("CARD_COMPANY", ""))
    return Settings(
        demo=demo,
        database_url=environ.get("DATABASE_URL") or (sqlite_url(data_folder) if demo else ""),
        data_folder=data_folder,
        company_folder=Path(environ.get("COMPANY_FOLDER") or sample_company()).resolve(),
        secret_key=environ.get("SECRET_KEY", ""),
        data_keys=_keys(environ, "SECRET_KEY" if demo else "DATA_KEYS"),
        public_url=f"http://{LOOPBACK}:{port}" if demo else environ.get("PUBLIC_URL", "").rstrip("/"),
        installation_id=environ.get("INSTALLATION_ID", ""),
        card_company=environ.get("CARD_COMPANY") or ("sandbox" if demo else None),
        notice_secret=environ.get("NOTICE_SECRET", ""),
        trusted_proxies=_number(environ, "TRUSTED_PROXIES", 0, range(10), problems),
        host=environ.get("HOST") or LOOPBACK,
        port=port,
        threads=_number(environ, "THREADS", 8, range(1, 257), problems),
        processes=_number(environ, "PROCESSES", 1 if demo else 2, range(1, 65), problems),
        charges_at_once=_number(environ, "CHARGES_AT_ONCE", 8, range(1, 65), problems),
        smtp_url=environ.get("SMTP_URL") or None,
        mail_from="" if demo else environ.get("MAIL_FROM", ""),
        provision_url=environ.get("PROVISION_URL") or None,
        provision_secret=environ.get("PROVISION_SECRET", ""),
        log_json=_switch(environ, "LOG_JSON", problems),
        alert_mail=environ.get("ALERT_MAIL", ""),
        access_log=_switch(environ, "ACCESS_LOG", problems, default=not demo),
        metrics_token=environ.get("METRICS_TOKEN", ""),
        card_settings={name: environ.get(name, "") for name in row.variables} if row else {},
    )


def _unsafe_in_demo(settings: Settings, environ: Mapping[str, str]) -> list[str]:
    found = _unsafe_in_any_use(settings)
    if environ.get("SMTP_URL"):
        found.append("デモではメールを送れません。SMTP_URL を外してください。")
    if settings.host != LOOPBACK:
        found.append("デモはこのコンピューターの中だけで動きます。HOST を外してください。")
    if settings.provision_url and not is_on_this_machine(settings.provision_url):
        found.append("デモの契約をほかのコンピューターには連絡できません。PROVISION_URL を外してください。")
    return found if settings.card_company == "sandbox" else found + _unsafe_card_company(settings)


def _unsafe_in_real_use(settings: Settings, environ: Mapping[str, str]) -> list[str]:
    found = _unsafe_in_any_use(settings)
    if not is_safe_address(settings.public_url):
        found.append("PUBLIC_URL に https:// で始まる公開アドレスを、ホスト名までで設定してください。")
    if not settings.data_keys or not all(is_strong(key) for key in settings.data_keys):
        found.append(
            f"DATA_KEYS に推測されない{SHORTEST_SECRET}文字以上の鍵を設定してください"
            "（コンマで区切ると、最初の鍵で暗号化し、残りは以前の鍵として読むことだけに使います）。"
        )
    if not environ.get("TRUSTED_PROXIES"):
        found.append(
            "TRUSTED_PROXIES に、前に置くリバースプロキシの台数を設定してください（nginx が1台なら 1、直接受け付けるなら 0）。"
            "接続元ごとの制限と記録が、この数で決まります。"
        )
    found += traces_of_the_sample(settings.company_folder)
    if settings.card_company == "sandbox":
        found.append("CARD_COMPANY=sandbox はデモだけのものです。外してください。")
    elif settings.card_company:
        found += _unsafe_card_company(settings)
    return found + _unsafe_mail(settings)


def _unsafe_in_any_use(settings: Settings) -> list[str]:
    found = []
    if not is_strong(settings.secret_key):
        found.append(f"SECRET_KEY に推測されない{SHORTEST_SECRET}文字以上の文字列を設定してください。")
    if settings.card_company and not is_strong(settings.notice_secret):
        found.append(f"NOTICE_SECRET に推測されない{SHORTEST_SECRET}文字以上の文字列を設定してください。")
    if settings.metrics_token and not is_strong(settings.metrics_token):
        found.append(f"METRICS_TOKEN に推測されない{SHORTEST_SECRET}文字以上の文字列を設定してください。")
    if not INSTALLATION_PATTERN.fullmatch(settings.installation_id):
        found.append("INSTALLATION_ID に半角の英小文字・数字・ハイフンで3～32文字の名前を設定してください。")
    if not settings.database_url.startswith(DATABASES):
        found.append("DATABASE_URL に sqlite:/// か postgresql:// で始まるデータベースの場所を設定してください。")
    return found + _unsafe_provisioning(settings)


def _unsafe_card_company(settings: Settings) -> list[str]:
    row = CARD_COMPANIES.get(settings.card_company or "")
    if row is None:
        known = "、".join(CARD_COMPANIES)
        return [f"CARD_COMPANY={settings.card_company} というカード会社は使えません。{known} にするか、外してください。"]
    return row.problems(settings.card_settings, settings.notice_secret, settings.demo)


def _unsafe_mail(settings: Settings) -> list[str]:
    """Without SMTP_URL mails wait, visible to staff and customers. With it a sender address is required."""
    found = []
    if settings.smtp_url and not is_mail_server(settings.smtp_url):
        found.append("SMTP_URL に smtp://ユーザー:パスワード@ホスト:ポート か smtps://… の形でメールサーバーを設定してください。")
    if settings.smtp_url and not settings.mail_from:
        found.append("MAIL_FROM にメールの差出人のアドレスを設定してください。")
    for name, address in (("MAIL_FROM", settings.mail_from), ("ALERT_MAIL", settings.alert_mail)):
        if address and not MAIL_ADDRESS.fullmatch(address):
            found.append(f"{name} に半角のメールアドレスを1つだけ設定してください（例：support@example.jp）。")
    return found


def _unsafe_provisioning(settings: Settings) -> list[str]:
    """Without PROVISION_URL events wait, visible to staff. With it, a safe address and a strong secret are required."""
    found = []
    if settings.provision_url and not is_webhook(settings.provision_url):
        found.append("PROVISION_URL に https:// で始まるアドレスを設定してください（http:// は同じコンピューターの中だけ）。")
    if settings.provision_url and not is_strong(settings.provision_secret):
        found.append(f"PROVISION_SECRET に推測されない{SHORTEST_SECRET}文字以上の文字列を設定してください。")
    return found


def _keys(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in environ.get(name, "").split(",") if key.strip())


def _switch(environ: Mapping[str, str], name: str, problems: list[str], *, default: bool = False) -> bool:
    text = environ.get(name) or str(int(default))
    if text not in ("0", "1"):
        problems.append(f"{name} は 0 か 1 にしてください。")
    return text == "1"


def _number(environ: Mapping[str, str], name: str, default: int, allowed: range, problems: list[str]) -> int:
    text = environ.get(name) or str(default)
    if text.isascii() and text.isdigit() and int(text[:10]) in allowed and len(text) <= 10:
        return int(text)
    problems.append(f"{name} は {allowed.start}～{allowed.stop - 1} の数字にしてください。")
    return default
