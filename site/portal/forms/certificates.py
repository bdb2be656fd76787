"""独自ドメイン: the name that is added."""

from functools import cached_property

from wtforms import Field, StringField, ValidationError

from portal.forms.base import PortalForm
from portal.forms.reading import visible
from portal.rules.certificates.domain_names import LONGEST, TOO_LONG, DomainName, NotADomain, read_domain_name


class DomainForm(PortalForm):
    domain = StringField("独自ドメイン")

    @cached_property
    def wanted(self) -> DomainName:
        """Raises NotADomain."""
        typed = self.domain.data or ""
        if len(typed) > 2 * LONGEST:
            raise NotADomain(TOO_LONG)
        return read_domain_name(visible(typed, 2 * LONGEST))

    def validate_domain(self, _field: Field) -> None:
        try:
            assert self.wanted
        except NotADomain as why:
            raise ValidationError(str(why)) from why
