#include "gateway/cli/demo/words.h"

namespace baton {
namespace {

constexpr DemoWords kEnglish = {
    .intro =
        "Baton hands leads from marketing to sales: nothing gets lost, somebody calls in time, "
        "everybody sees why.",
    .sandbox =
        "CRM and chat are sandboxes; webhooks are as vendors sign them. Sales promises to call "
        "within {} s (not min).",
    .asks_for_demo =
        "{} asks for a demo (Typeform). Signature good, on disk, acknowledged in {} ms.",
    .offered = "Wants a call: an MQL, a lead for sales. {} ms after the webhook {} has it in chat:",
    .accepted_in_time =
        "{} opens the link, accepts, calls, presses Reached. The clock stops after {} s: in time.",
    .qualified = "Sales qualifies the contact in the CRM, whose webhook tells Baton: an SQL.",
    .books_meeting = "{} books a meeting (Calendly). {} gets the offer and does not react.",
    .killed =
        "{} downloads a guide. Acknowledged, and at that moment: kill -9 of gateway and Redis.",
    .restarted = "Back after {} s. The download is there, and the clock of {} runs on.",
    .duplicate =
        "Typeform delivers the first webhook again, as vendors do: known, nothing is done twice.",
    .forged = "Somebody forges a webhook: wrong signature, refused with {}.",
    .rejected = "{} (HubSpot): {} rejects, \"{}\". Back to nurture.",
    .warned = "{} of the time is gone, {} is warned:",
    .breached = "The deadline passes. {} ms later {} and {} read:",
    .passed_on = "{} loses the lead to {}, who has the offer {} ms after the deadline.",
    .reached_late = "{} calls {} at once: late, and on record as late.",
    .numbers =
        "The CRM holds {} contacts, all up to date. And why did all this happen? baton explain:",
    .next = "Your turn:",
    .live_addresses = "Webhooks: {}   Admin: {}   Token: {}\nChat: {}   baton explain LEAD -c {}",
    .live_end = "A lead comes every few seconds. Ctrl-C ends the demo.",
    .live_arrived = "{} ({}): acknowledged in {} ms",
    .live_refused = "{}: refused with {}",
};

constexpr DemoWords kGerman = {
    .intro =
        "Baton übergibt Leads vom Marketing an den Vertrieb: nichts geht verloren, jemand ruft "
        "rechtzeitig an, jeder sieht, warum.",
    .sandbox =
        "CRM und Chat sind nachgestellt, Webhooks signiert wie vom Anbieter. Der Vertrieb "
        "verspricht Anruf in {} s (statt Min.).",
    .asks_for_demo =
        "{} bittet um eine Vorführung (Typeform). Signatur gut, auf Platte, quittiert in {} ms.",
    .offered =
        "Will einen Anruf: ein MQL, ein Lead für den Vertrieb. {} ms nach dem Webhook liest {} im "
        "Chat:",
    .accepted_in_time =
        "{} öffnet den Link, nimmt an, ruft an, drückt Erreicht. Die Uhr hält nach {} s: "
        "rechtzeitig.",
    .qualified =
        "Der Vertrieb qualifiziert den Kontakt im CRM, dessen Webhook sagt es Baton: ein SQL.",
    .books_meeting = "{} bucht ein Gespräch (Calendly). {} bekommt das Angebot und reagiert nicht.",
    .killed =
        "{} lädt einen Leitfaden. Quittiert, und im selben Moment: kill -9 für Gateway und Redis.",
    .restarted = "Nach {} s zurück. Der Download ist da, und die Uhr von {} läuft weiter.",
    .duplicate =
        "Typeform liefert den ersten Webhook noch einmal, wie Anbieter es tun: bekannt, nichts "
        "geschieht doppelt.",
    .forged = "Jemand fälscht einen Webhook: falsche Signatur, abgewiesen mit {}.",
    .rejected = "{} (HubSpot): {} lehnt ab, „{}“. Zurück ins Nurturing.",
    .warned = "{} der Zeit sind vorbei, {} wird gewarnt:",
    .breached = "Die Frist verstreicht. {} ms später lesen {} und {}:",
    .passed_on = "{} verliert den Lead an {}; das Angebot ist {} ms nach der Frist da.",
    .reached_late = "{} erreicht {} sofort: zu spät, und so ist es vermerkt.",
    .numbers =
        "Das CRM kennt {} Kontakte, alle auf dem Stand. Und warum geschah das alles? baton "
        "explain:",
    .next = "Jetzt Sie:",
    .live_addresses =
        "Webhooks: {}   Verwaltung: {}   Token: {}\nChat: {}   baton explain LEAD -c {}",
    .live_end = "Alle paar Sekunden kommt ein Lead. Strg-C beendet die Vorführung.",
    .live_arrived = "{} ({}): quittiert in {} ms",
    .live_refused = "{}: abgewiesen mit {}",
};

}  // namespace

const DemoWords& demo_words(std::string_view language) {
  return language == "de" ? kGerman : kEnglish;
}

}  // namespace baton
