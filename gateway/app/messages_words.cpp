#include "gateway/app/messages_words.h"

namespace baton {
namespace {

constexpr MessageWords kGerman = {
    .waiting = "wartet {}",
    .seconds = "{} Sek.",
    .minutes = "{} Min.",
    .hours = "{} Std.",
    .day = "1 Tag",
    .days = "{} Tage",
    .today = "heute",
    .tomorrow = "morgen",
    .unknown_contact = "Unbekannter Kontakt",
    .new_lead = "neuer Lead für Sie",
    .expires_in = "Frist endet in {}",
    .overdue_by = "Frist seit {} überschritten",
    .just_due = "Frist eben abgelaufen",
    .reassigned = "neu vergeben, Frist zur Annahme verstrichen",
    .reassigned_no_contact = "neu vergeben, kein Kontakt in der Frist",
    .withdrawn = "zurückgezogen, nichts mehr zu tun",
    .resolved = "erledigt, obwohl die Frist überschritten war",
    .corrected = "war rechtzeitig erledigt, die Nachricht kam nur spät",
    .task = "bitte als Nächstes",
    .escalated = "Eskalation, Frist seit {} überschritten",
    .just_escalated = "Eskalation, Frist eben abgelaufen",
    .nobody = "Eskalation, niemand ist zuständig",
    .many_hops = "Eskalation, mehrfach weitergegeben",
    .rework = "zurück an das Marketing zur Nachbesserung",
    .company = "Unternehmen",
    .position = "Position",
    .reason = "Grund",
    .due = "Frist",
    .phone = "Telefon",
    .email = "E-Mail",
    .owner = "Zuständig",
    .grade = "Bewertung",
    .accept_by = "Annehmen bis",
    .contact_by = "Erstkontakt bis",
    .accept = "Annehmen",
    .reject = "Ablehnen",
    .call = "Anrufen",
    .reached = "Erreicht",
    .not_reached = "Nicht erreicht",
    .details = "Details",
    .asked_contact = "hat um Kontakt gebeten",
    .asked_offer = "hat ein Angebot angefragt",
    .strongest_signal = "stärkstes Signal: {}",
    .graded = "Bewertung {}",
};

constexpr MessageWords kEnglish = {
    .waiting = "waiting {}",
    .seconds = "{} s",
    .minutes = "{} min",
    .hours = "{} h",
    .day = "1 day",
    .days = "{} days",
    .today = "today",
    .tomorrow = "tomorrow",
    .unknown_contact = "Unknown contact",
    .new_lead = "new lead for you",
    .expires_in = "due in {}",
    .overdue_by = "overdue by {}",
    .just_due = "the deadline has just passed",
    .reassigned = "passed on, not accepted in time",
    .reassigned_no_contact = "passed on, no contact in time",
    .withdrawn = "withdrawn, nothing left to do",
    .resolved = "done, although the deadline had passed",
    .corrected = "was done in time, the news only came late",
    .task = "please do next",
    .escalated = "escalation, overdue by {}",
    .just_escalated = "escalation, the deadline has just passed",
    .nobody = "escalation, nobody is assigned",
    .many_hops = "escalation, passed on several times",
    .rework = "back to marketing for rework",
    .company = "Company",
    .position = "Position",
    .reason = "Why",
    .due = "Due",
    .phone = "Phone",
    .email = "E-mail",
    .owner = "Owner",
    .grade = "Grade",
    .accept_by = "Accept by",
    .contact_by = "First contact by",
    .accept = "Accept",
    .reject = "Reject",
    .call = "Call",
    .reached = "Reached",
    .not_reached = "Not reached",
    .details = "Details",
    .asked_contact = "asked to be contacted",
    .asked_offer = "asked for an offer",
    .strongest_signal = "strongest signal: {}",
    .graded = "grade {}",
};

constexpr std::string_view kGermanDays[] = {"Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"};
constexpr std::string_view kEnglishDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

const MessageWords& message_words(std::string_view language) { return language == "de" ? kGerman : kEnglish; }

std::string_view weekday_word(int day, std::string_view language) {
  const auto index = static_cast<std::size_t>(((day % 7) + 7) % 7);
  return language == "de" ? kGermanDays[index] : kEnglishDays[index];
}

std::string_view month_word(int month, std::string_view) { return kMonths[static_cast<std::size_t>(month - 1) % 12]; }

}  // namespace baton
