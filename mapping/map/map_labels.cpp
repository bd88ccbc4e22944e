#include "mapping/map/map_labels.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace baton {
namespace {

constexpr std::size_t kLongestLabel = 120;  // a longer question is not the name of a field

using Synonyms = std::pair<Field, std::string_view>;

// Folded, in the order of classification; one line for each field, languages mixed.
constexpr std::array<Synonyms, 26> kSynonyms{{
    {Field::kEmail,
     "email mail emailaddress mailaddress emailadresse mailadresse adresseemail adressemail "
     "courriel adresseelectronique correo correoelectronico direccionemail direcciondecorreo "
     "indirizzoemail indirizzomail endereodeemail enderecodeemail adresemail adresemailowy "
     "emailadres электроннаяпочта почта емейл"},
    {Field::kPhone,
     "phone phonenumber telephone telephonenumber tel telefon telefonnummer rufnummer mobile "
     "mobilephone mobilenumber mobil mobiltelefon mobilnummer handy handynummer cell cellphone "
     "numerodetelephone telephoneportable portable telefono numerodetelefono telefonomovil movil "
     "cellulare telefoonnummer telefoon telefone celular numertelefonu телефон номертелефона "
     "durchwahl phonework businessphone"},
    {Field::kFirstName,
     "firstname first givenname vorname prenom nombre nome imie voornaam primeironome fname "
     "forename имя"},
    {Field::kLastName,
     "lastname last surname familyname nachname familienname zuname nomdefamille apellido "
     "apellidos cognome nazwisko achternaam sobrenome lname фамилия"},
    {Field::kFullName,
     "name fullname nameandsurname firstandlastname firstnameandlastname firstnamelastname "
     "vorundnachname vornameundnachname vornamenachname vollstaendigername vollstandigername "
     "kontaktname contactname ansprechpartner nom nomcomplet nometprenom prenometnom "
     "nombrecompleto nombreyapellido nombreyapellidos nomeecognome nomecompleto "
     "imieinazwisko volledigenaam naam фио имяифамилия surnameandname"},
    {Field::kSalutation, "salutation anrede civilite tratamiento titolo aanhef"},
    {Field::kAcademicTitle, "academictitle akademischertitel titel"},
    {Field::kJobTitle,
     "jobtitle job title position role jobposition jobrole occupation funktion beruf "
     "berufsbezeichnung jobbezeichnung stellenbezeichnung fonction poste intitulededposte cargo "
     "puesto ruolo posizione functie stanowisko должность"},
    {Field::kCompany,
     "company companyname nameofcompany organization organisation organizationname "
     "organisationname employer "
     "business businessname firma firmenname unternehmen unternehmensname betrieb arbeitgeber "
     "entreprise societe nomdelentreprise nomdelasociete empresa nombredelaempresa azienda "
     "nomeazienda bedrijf bedrijfsnaam nomedaempresa companhia nazwafirmy компания accountname"},
    {Field::kWebsite,
     "website companywebsite companydomain domain companyurl webseite webadresse homepage "
     "firmenwebsite internetadresse siteweb siteinternet sitioweb paginaweb sitoweb"},
    {Field::kCompanySize,
     "companysize numberofemployees employees employeecount companyemployees teamsize "
     "headcount mitarbeiter mitarbeiterzahl mitarbeiteranzahl anzahlmitarbeiter "
     "anzahldermitarbeiter unternehmensgroesse unternehmensgrosse firmengroesse firmengrosse "
     "effectif nombredesalaries numerodeempleados dipendenti"},
    {Field::kIndustry,
     "industry companyindustry sector branche industrie secteur secteurdactivite settore"},
    {Field::kCountry, "country land pays pais paese kraj countrycode страна"},
    {Field::kRegion, "region state bundesland province provincia kanton"},
    {Field::kCity, "city town ort stadt wohnort ville ciudad citta miasto plaats cidade город"},
    {Field::kPostalCode,
     "postalcode zip zipcode postcode plz postleitzahl codepostal codigopostal cap"},
    {Field::kLanguage, "language locale sprache langue idioma lingua preferredlanguage"},
    {Field::kMessage,
     "message messages comment comments question questions nachricht mitteilung anliegen frage "
     "fragen kommentar kommentare bemerkung bemerkungen anmerkung anmerkungen "
     "howcanwehelp howcanwehelpyou wiekoennenwirhelfen wiekonnenwirhelfen "
     "wiekoennenwirihnenhelfen wiekonnenwirihnenhelfen anfrage mensaje mensagem messaggio bericht "
     "wiadomosc commentaire commentaires сообщение inquiry enquiry request"},
    {Field::kUtmSource, "utmsource"},
    {Field::kUtmMedium, "utmmedium"},
    {Field::kUtmCampaign, "utmcampaign"},
    {Field::kUtmTerm, "utmterm"},
    {Field::kUtmContent, "utmcontent"},
    {Field::kReferrer, "referrer referer"},
    {Field::kLandingPage, "landingpage landingpageurl pageurl pageuri"},
    {Field::kClickId, "gclid fbclid msclkid clickid wbraid gbraid lifatid"},
}};

constexpr std::string_view kFillers =
    "your please enter what whats is are the a my our business work primary enriched contact "
    "corporate office "
    "professional ihr ihre ihren deine dein bitte geben sie ein geschaeftliche geschaftliche "
    "dienstliche "
    "votre veuillez su tu il la le lo mi uw jouw twoj twoje ваш ваша ваше required optional "
    "pflichtfeld";

template <class F>
void each_word(std::string_view text, F visit) {
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

const std::unordered_map<std::string_view, Field>& synonyms() {
  static const auto table = [] {
    std::unordered_map<std::string_view, Field> made;
    for (const auto& [field, words] : kSynonyms)
      each_word(words, [&, f = field](std::string_view word) { made.emplace(word, f); });
    return made;
  }();
  return table;
}

bool is_filler(std::string_view word) {
  static const auto table = [] {
    std::unordered_set<std::string_view> made;
    each_word(kFillers, [&](std::string_view w) { made.insert(w); });
    return made;
  }();
  return table.contains(word);
}

// The base letters of U+00C0 to U+017F, '?' if there is none.
constexpr std::string_view kBaseLetters =
    "aaaaaaaceeeeiiiidnooooo?ouuuuyts"   // U+00C0
    "aaaaaaaceeeeiiiidnooooo?ouuuuyty"   // U+00E0
    "aaaaaaccccccccddddeeeeeeeeeegggg"   // U+0100
    "gggghhhhiiiiiiiiiiiijjkkklllllll"   // U+0120
    "lllnnnnnnnnnoooooooorrrrrrssssss"   // U+0140
    "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs";  // U+0160

// Appends a folded two-byte code point: Latin as its base letter, Cyrillic in lower case.
void fold_two_bytes(unsigned char first, unsigned char second, std::string& out) {
  const unsigned int code = (first & 0x1FU) << 6U | (second & 0x3FU);
  if (code >= 0xC0 && code - 0xC0 < kBaseLetters.size()) {
    const char base = kBaseLetters[code - 0xC0];
    if (base != '?') out += base;
    if (code == 0xDF) out += 's';
    return;
  }
  unsigned int folded = code;
  if (code >= 0x410 && code <= 0x42F) folded = code + 0x20;
  if (folded < 0x370) return;
  out += static_cast<char>(0xC0U | folded >> 6U);
  out += static_cast<char>(0x80U | (folded & 0x3FU));
}

// Returns the folded words of a label. Splits at anything that is not a letter or digit.
// Apostrophes join ("what's"), and so do capitals inside a word, whose joint form is looked up.
std::vector<std::string> words_of(std::string_view label) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < label.size(); ++i) {
    const auto byte = static_cast<unsigned char>(label[i]);
    if (byte >= 0xC2 && byte < 0xE0 && i + 1 < label.size()) {
      fold_two_bytes(byte, static_cast<unsigned char>(label[++i]), words.back());
    } else if (byte >= '0' && byte <= '9') {
      words.back() += static_cast<char>(byte);
    } else if ((byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z') {
      words.back() += static_cast<char>(byte | 0x20U);
    } else if (byte == 0xE2 && i + 2 < label.size() && label[i + 1] == '\x80' &&
               label[i + 2] == '\x99') {
      i += 2;  // a typographic apostrophe
    } else if (byte < 0x80 && byte != '\'' && !words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

}  // namespace

std::string fold_label(std::string_view label) {
  if (label.size() > kLongestLabel) return {};
  std::string joined;
  for (const auto& word : words_of(label))
    if (!is_filler(word)) joined += word;
  return joined;
}

namespace {

Field look_up(std::string_view label) {
  const auto& table = synonyms();
  const auto found = table.find(fold_label(label));
  if (found != table.end()) return found->second;
  // "Business" alone means a company, although it is a filler word elsewhere.
  std::string whole;
  for (const auto& word : words_of(label)) whole += word;
  const auto again = table.find(whole);
  return again != table.end() ? again->second : Field::kNone;
}

}  // namespace

// A form asks the same questions in every delivery, so each thread caches its latest labels.
Field classify_label(std::string_view label) {
  constexpr std::size_t kRemembered = 1'000;
  if (label.size() > kLongestLabel) return Field::kNone;
  static thread_local std::map<std::string, Field, std::less<>> known;
  const auto found = known.find(label);
  if (found != known.end()) return found->second;
  if (known.size() == kRemembered) known.clear();
  return known.emplace(label, look_up(label)).first->second;
}

std::optional<Field> parse_field(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Field>, 26> kNames{
      {{"email", Field::kEmail},
       {"phone", Field::kPhone},
       {"first_name", Field::kFirstName},
       {"last_name", Field::kLastName},
       {"full_name", Field::kFullName},
       {"salutation", Field::kSalutation},
       {"academic_title", Field::kAcademicTitle},
       {"job_title", Field::kJobTitle},
       {"company", Field::kCompany},
       {"website", Field::kWebsite},
       {"company_size", Field::kCompanySize},
       {"industry", Field::kIndustry},
       {"country", Field::kCountry},
       {"region", Field::kRegion},
       {"city", Field::kCity},
       {"postal_code", Field::kPostalCode},
       {"language", Field::kLanguage},
       {"message", Field::kMessage},
       {"utm_source", Field::kUtmSource},
       {"utm_medium", Field::kUtmMedium},
       {"utm_campaign", Field::kUtmCampaign},
       {"utm_term", Field::kUtmTerm},
       {"utm_content", Field::kUtmContent},
       {"referrer", Field::kReferrer},
       {"landing_page", Field::kLandingPage},
       {"click_id", Field::kClickId}}};
  for (const auto& [known, field] : kNames)
    if (known == name) return field;
  return std::nullopt;
}

}  // namespace baton
