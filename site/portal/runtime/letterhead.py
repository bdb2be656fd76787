"""Sets the sender of mails for this process."""

from portal.actions.mail import rendering
from portal.catalog import Catalog
from portal.runtime.settings import Settings


def write_mails_for(catalog: Catalog, settings: Settings) -> None:
    """From now on this process writes mails in the name of this company."""
    company, sender = catalog.company, settings.mail_from or catalog.company.email
    rendering.bind(rendering.Letterhead(company, settings.public_url, sender, settings.installation_id))
