"""The doctor's words in English: how it stands, what to do."""

from __future__ import annotations

ENGLISH: dict[str, tuple[str, str]] = {
    "domain.fine": ("{name} lies in the zone {zone}.", ""),
    "domain.github": (
        "The site has GitHub's own address. Nothing has to be set up.",
        "If you want a domain of your own, choose “Use my own domain” in the study, or set baseURL.",
    ),
    "domain.none": (
        "baseURL in config.toml names no public address.",
        "Set baseURL to the address of the site, such as https://www.example.com/.",
    ),
    "domain.unregistered": (
        "Nobody has registered {zone}, or it has no name servers yet.",
        "Register it, or wait up to a day if you have just done so. Then enter the records below.",
    ),
    "domain.failed": (
        "DNS gives no answer about {name}: {detail}",
        "Look at this computer's connection, and whether the name servers of the domain are up.",
    ),
    "address.fine": ("baseURL is {address}.", ""),
    "address.path": (
        "baseURL is {address}, but a domain of one's own has no path: GitHub shows the site at {root}.",
        "Set baseURL to {root}, and publish.",
    ),
    "address.http": (
        "baseURL begins with http://. Links and feeds lead visitors to the unsafe address first.",
        "Set baseURL to {root}, and publish.",
    ),
    "a.fine": ("{name} leads to GitHub's servers.", ""),
    "a.missing": ("{name} leads nowhere.", "Enter these four A records at your domain's DNS."),
    "a.partial": (
        "Some of GitHub's servers are missing: the site works, but not when one of the others is down.",
        "Enter the missing A records, too.",
    ),
    "a.foreign": (
        "{name} leads to other servers than GitHub's.",
        "Take those A records out, and enter GitHub's four.",
    ),
    "a.mixed": (
        "{name} leads to GitHub's servers and to others: visitors land here or there by chance.",
        "Take out the A records that are not GitHub's, and enter those that are missing.",
    ),
    "a.old": (
        "{name} leads to addresses that GitHub gave up long ago; they know no HTTPS.",
        "Put GitHub's four A records in their place.",
    ),
    "aaaa.fine": ("{name} leads to GitHub's servers over IPv6, too.", ""),
    "aaaa.missing": (
        "{name} has no IPv6 addresses. The site works; some mobile networks reach it more slowly.",
        "Enter these four AAAA records, too.",
    ),
    "aaaa.partial": ("Some of GitHub's IPv6 addresses are missing.", "Enter the missing AAAA records, too."),
    "aaaa.foreign": (
        (
            "Over IPv6, {name} leads to other servers than GitHub's: many visitors do not see this site, "
            "and GitHub can make no certificate."
        ),
        "Take those AAAA records out, and enter GitHub's four.",
    ),
    "cname.fine": ("{name} leads to {target}.", ""),
    "cname.missing": ("{name} leads nowhere.", "Enter this CNAME record at your domain's DNS."),
    "cname.missing_partner": (
        "{name} leads nowhere. Visitors who type it see an error.",
        "Enter this CNAME record, too: GitHub then sends them on to {host}.",
    ),
    "cname.unknown_owner": (
        "{name} leads to {value}. Nobody told which GitHub account the site belongs to.",
        "Make sure that it is your account's name, or add the repository as the remote of this folder.",
    ),
    "cname.other_owner": (
        "{name} leads to {value}, the pages of another account.",
        "Let the CNAME record lead to {target}, without the repository's name.",
    ),
    "cname.apex": (
        "{name} leads to {value}. GitHub then cannot always make a certificate for both names.",
        "Let the CNAME record lead to {target}.",
    ),
    "cname.detour": (
        "{name} leads to GitHub by way of {value}. It works as long as that name does.",
        "Let the CNAME record lead to {target} itself.",
    ),
    "cname.foreign": (
        "{name} leads to {value}, and not to GitHub.",
        "Let the CNAME record lead to {target}.",
    ),
    "cname.addresses": (
        "{name} has A records instead of a CNAME record. It works until GitHub's addresses change.",
        "Take the A and AAAA records of {name} out, and enter this CNAME record.",
    ),
    "cname.foreign_addresses": (
        "{name} leads to other servers than GitHub's.",
        "Take the A and AAAA records of {name} out, and enter this CNAME record.",
    ),
    "wildcard.fine": ("Names that nobody entered lead nowhere.", ""),
    "wildcard.found": (
        "Every name below {name} leads to GitHub. Strangers could show their pages under your domain.",
        "Take the record for * out.",
    ),
    "caa.none": ("Any authority may make certificates, GitHub's too.", ""),
    "caa.fine": ("GitHub's authority, Let's Encrypt, may make certificates.", ""),
    "caa.blocks": (
        "The CAA records of {zone} forbid GitHub's authority to make a certificate: HTTPS cannot work.",
        "Enter this CAA record beside the others.",
    ),
    "challenge.fine": ("The record that proves it is there.", ""),
    "challenge.verified": ("GitHub knows that the domain is yours.", ""),
    "challenge.missing": (
        "GitHub has no proof. If the site is ever switched off, somebody else could take the domain over.",
        (
            "At GitHub open Settings → Pages of your account (not of the repository), choose “Add a domain”, "
            "and enter the TXT record that it shows, with the name {record}."
        ),
    ),
    "challenge.unknown": (
        "Nobody told which GitHub account the site belongs to.",
        (
            "Add the repository as the remote of this folder: "
            "git remote add origin https://github.com/USER/REPOSITORY.git"
        ),
    ),
    "file.fine": ("It names {name}.", ""),
    "file.missing": (
        "There is no file CNAME on the branch {branch}: GitHub forgets the domain with each publication.",
        "Publish again. Meishi puts the file there by itself.",
    ),
    "file.other": (
        "It names {value}, but the site is at {name}.",
        "Publish again. If static/CNAME exists, write {name} into it, or delete it.",
    ),
    "file.unpublished": (
        "Nothing is published yet, or nobody has looked at the remote since.",
        "Publish. Meishi puts the file there by itself.",
    ),
    "file.ci": (
        "GitHub Actions builds this site: the domain is set at GitHub, and not by the file.",
        "",
    ),
    "pages.fine": ("GitHub shows the site at {name}, and insists on HTTPS.", ""),
    "pages.no_token": (
        "Not looked at: GitHub tells its settings only to those who have a token.",
        "Set GITHUB_TOKEN in the environment, or look yourself: {settings}",
    ),
    "pages.unknown": (
        "Not looked at: this folder has no remote at GitHub.",
        "Add it: git remote add origin https://github.com/USER/REPOSITORY.git",
    ),
    "pages.failed": (
        "GitHub did not answer: {detail}",
        "Look again later, or look yourself: {settings}",
    ),
    "pages.off": (
        "GitHub Pages is switched off for {repository}, or the token may not see its settings.",
        (
            "Open {settings}, and choose the branch gh-pages (or GitHub Actions) as the source. If it is, "
            "make a token that may read “Pages” of this repository, and set GITHUB_TOKEN to it."
        ),
    ),
    "pages.by_actions": (
        "At GitHub, “GitHub Actions” is the source: what Meishi pushes to {branch} is never shown.",
        "Open {settings} and choose “Deploy from a branch”, {branch}, / (root). Or publish by push.",
    ),
    "pages.by_branch": (
        "At GitHub, a branch is the source: what GitHub Actions builds is never shown.",
        "Open {settings}, and choose “GitHub Actions” as the source.",
    ),
    "pages.other_branch": (
        "GitHub shows the branch {value}, but Meishi publishes on {branch}.",
        "Open {settings}, and choose the branch {branch} and the folder / (root).",
    ),
    "pages.no_domain": (
        "GitHub knows of no domain for {repository}.",
        "Open {settings}, write {name} under “Custom domain”, and save.",
    ),
    "pages.other_domain": (
        "At GitHub the domain is {value}, but baseURL says {name}.",
        "Open {settings} and write {name} under “Custom domain”, or correct baseURL.",
    ),
    "pages.not_enforced": (
        "GitHub has the certificate, but does not insist on HTTPS.",
        "Open {settings}, and tick “Enforce HTTPS”.",
    ),
    "pages.certificate": (
        "GitHub is still busy with the certificate ({state}).",
        "Wait up to an hour. If it takes longer, remove the domain under {settings} and add it again.",
    ),
    "pages.errored": (
        "GitHub could not build the last publication.",
        "Open {settings} and the repository's “Actions” to see why.",
    ),
    "certificate.fine": ("It is good for {name} until {until}.", ""),
    "certificate.soon": (
        "It ends on {until}. GitHub should have renewed it already.",
        "See that the records above are right. If they are, remove the domain at GitHub and add it again.",
    ),
    "certificate.expired": (
        "It ended on {until}. Browsers warn of the site.",
        "See that the records above are right, then remove the domain at GitHub and add it again.",
    ),
    "certificate.not_yet": (
        "The certificate is for other names: GitHub has not made the one for {name} yet.",
        (
            "Wait up to an hour after the records are right. If it takes longer, remove the domain at GitHub "
            "(Settings → Pages), and add it again."
        ),
    ),
    "certificate.untrusted": (
        "Browsers do not trust the certificate: {detail}",
        "See that the records above lead to GitHub alone.",
    ),
    "certificate.unreachable": (
        "Nothing answers over HTTPS: {detail}",
        "See that the records above are right, then wait up to an hour.",
    ),
    "site.fine": ("https://{name}/ shows the site.", ""),
    "site.missing": (
        "GitHub answers, but has no site for {name}.",
        "Set the domain at GitHub (Settings → Pages → Custom domain), and publish.",
    ),
    "site.elsewhere": (
        "https://{name}/ sends visitors to {value}.",
        "Set the domain at GitHub (Settings → Pages → Custom domain) to {name}.",
    ),
    "site.broken": ("https://{name}/ answers with status {value}.", "Publish, and look again."),
    "site.unreachable": ("Not looked at: there is no safe connection yet.", "First see to the certificate."),
    "https.fine": ("Whoever comes by http:// is sent to https://.", ""),
    "https.not_enforced": (
        "http://{name}/ shows the site without HTTPS.",
        "At GitHub, open Settings → Pages of the repository, and tick “Enforce HTTPS”.",
    ),
    "https.elsewhere": (
        "http://{name}/ sends visitors to {value}.",
        "Set the domain at GitHub (Settings → Pages → Custom domain) to {name}.",
    ),
    "https.broken": ("http://{name}/ answers with status {value}.", "Publish, and look again."),
    "https.unreachable": ("Nothing answers at http://{name}/: {detail}", "See that the records are right."),
    "partner.fine": ("{name} sends visitors on to {host}.", ""),
    "partner.nowhere": ("Not looked at: {name} leads nowhere yet.", "First enter the records above."),
    "partner.not_yet": (
        "There is no safe connection to {name} yet: {detail}",
        (
            "Once both names are right, GitHub makes a certificate for both. Wait up to an hour; if it takes "
            "longer, remove the domain at GitHub and add it again."
        ),
    ),
    "partner.stays": (
        "{name} does not send visitors on to {host}, but answers with status {value}.",
        "See that the records of both names lead to GitHub, and that the domain at GitHub is {host}.",
    ),
    "partner.elsewhere": (
        "{name} sends visitors to {value}, and not to {host}.",
        "Switch forwarding off at your registrar, and enter the records above.",
    ),
    "any.waiting": (
        "Your name servers are right already. Others still have the old answer, for up to {minutes} minutes.",
        "Wait, and look again.",
    ),
    "any.failed": (
        "Not looked at: DNS gives no answer about {name}. {detail}",
        "Look again later. If it stays so, ask whether the name servers of the domain are up.",
    ),
    "any.nowhere": ("Not looked at: the name leads nowhere yet.", "First enter the records above."),
    "any.proxied": (
        "{name} leads to a proxy of Cloudflare, and not to GitHub. GitHub cannot make a certificate so.",
        "Switch the proxy off for this record (“DNS only”, the grey cloud), at least until HTTPS works.",
    ),
}
