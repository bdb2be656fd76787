"""Links of mails, requests for a new password, a second address for notices, roles of staff, whose browser a session is.

Staff who exist may act, as before. Of a link's token only the hash is kept; it is drawn when the mail is sent.
"""

from portal.store.migrations import execute

PEOPLE = """
ALTER TABLE account ADD COLUMN notice_email VARCHAR(255);
CREATE INDEX account_email ON account(lower(email));
ALTER TABLE staff ADD COLUMN role VARCHAR(16) NOT NULL DEFAULT 'acting' CHECK (role IN ('viewing', 'acting'));
ALTER TABLE session ADD COLUMN browser VARCHAR(255) NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN address VARCHAR(64) NOT NULL DEFAULT '';

CREATE TABLE one_time_link (
    id {id}, account_id {key} NOT NULL REFERENCES account(id),
    purpose VARCHAR(16) NOT NULL CHECK (purpose IN ('password', 'address', 'notices')), address VARCHAR(255) NOT NULL,
    state VARCHAR(16) NOT NULL CHECK (state IN ('open', 'used', 'replaced')), token_hash CHAR(64) UNIQUE, valid_until {instant},
    used_at {instant}, created_at {instant} NOT NULL, CHECK ((token_hash IS NULL) = (valid_until IS NULL)),
    CHECK ((state = 'used') = (used_at IS NOT NULL)), CHECK (state <> 'used' OR token_hash IS NOT NULL));
CREATE UNIQUE INDEX one_open_link ON one_time_link(account_id, purpose) WHERE state = 'open';
ALTER TABLE mail ADD COLUMN link_id {key} REFERENCES one_time_link(id);

CREATE TABLE password_request (
    id {id}, form CHAR(64) NOT NULL UNIQUE, typed VARCHAR(255), asked_at {instant} NOT NULL, answered_at {instant},
    CHECK ((typed IS NULL) = (answered_at IS NOT NULL)));
CREATE INDEX password_request_open ON password_request(id) WHERE answered_at IS NULL;
CREATE INDEX password_request_asked ON password_request(asked_at);
"""


def up(migrator, db):
    execute(db, PEOPLE)
