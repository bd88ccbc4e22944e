#include "gateway/core/lifecycle/work_policy.h"

#include <algorithm>

#include <fmt/format.h>

namespace baton {
namespace {

constexpr Duration kSpacing = hours(4);

std::vector<std::string> touch_type_names() {
  std::vector<std::string> names;
  for (int i = 0; i < kTouchTypes; ++i) names.emplace_back(to_string(static_cast<TouchType>(i)));
  return names;
}

void read_presumed(PolicyReader& in, ContactPolicy& contact) {
  if (in.at("/contact/presumed_by") == nullptr) {
    contact.presumed_by_intent.set(static_cast<std::size_t>(Intent::kHandRaiser));
    contact.presumed_by_intent.set(static_cast<std::size_t>(Intent::kTransactional));
    contact.presumed_by_type.set(static_cast<std::size_t>(TouchType::kMeetingBooked));
    contact.presumed_by_type.set(static_cast<std::size_t>(TouchType::kInboundCall));
    return;
  }
  contact.presumed_by_contract = false;
  in.each("/contact/presumed_by", [&](const std::string& name, const std::string& place) {
    const auto intent = parse_intent(name);
    const auto type = parse_touch_type(name);
    if (name == "contract") {
      contact.presumed_by_contract = true;
    } else if (intent && *intent != Intent::kInformational) {
      contact.presumed_by_intent.set(static_cast<std::size_t>(*intent));
    } else if (type) {
      contact.presumed_by_type.set(static_cast<std::size_t>(*type));
    } else {
      auto names = touch_type_names();
      names.insert(names.end(), {"hand_raiser", "transactional", "contract"});
      in.bad_choice(place, name, names);
    }
  });
}

ContactPolicy read_contact(PolicyReader& in) {
  ContactPolicy contact;
  contact.guard = in.boolean("/contact/guard", true);
  const auto who = in.text("/contact/consumers", "by_mail");
  contact.consumers = who == "nobody"      ? Consumers::kNone
                      : who == "everybody" ? Consumers::kAll
                                           : Consumers::kByMail;
  contact.consumer_domains = in.texts("/contact/consumer_domains");
  std::sort(contact.consumer_domains.begin(), contact.consumer_domains.end());
  contact.consumer_request = in.boolean("/contact/consumer_request", false);
  contact.presumed_for = in.duration("/contact/presumed_for", contact.presumed_for);
  read_presumed(in, contact);
  return contact;
}

SdrPolicy read_sdr(PolicyReader& in) {
  SdrPolicy sdr;
  in.each("/sdr/qualify", [&](const std::string& name, const std::string& place) {
    if (name != "lead" && name != "mql") return in.bad_choice(place, name, {"lead", "mql"});
    sdr.stages.set(static_cast<std::size_t>(*parse_stage(name)));
  });
  sdr.rep = RepId(in.text("/sdr/rep"));
  sdr.team = in.text("/sdr/team");
  sdr.again_after = in.duration("/sdr/again_after", sdr.again_after);
  sdr.tries = in.integer("/sdr/tries", sdr.tries);
  return sdr;
}

CadencePolicy read_cadence(PolicyReader& in) {
  CadencePolicy cadence;
  const auto spacing = in.duration("/cadence/spacing", kSpacing);
  for (std::size_t i = 0; i < in.size("/cadence/steps"); ++i) {
    const auto at = fmt::format("/cadence/steps/{}", i);
    CadenceStep step{in.text(at + "/channel"),
                     in.duration(at + "/after", i == 0 ? Duration{} : spacing)};
    if (i > 0 && step.after < spacing)
      in.error(at + "/after", "a step must not begin earlier than `spacing` after the previous one",
               "policy.bad_steps");
    cadence.steps.push_back(std::move(step));
  }
  cadence.other_channel_counts = in.text("/cadence/other_channel", "counts") == "counts";
  cadence.early_counts = in.text("/cadence/early", "extra") == "counts";
  cadence.reopen_after = in.duration("/cadence/reopen_after", cadence.reopen_after);
  return cadence;
}

OptInPolicy read_opt_in(PolicyReader& in) {
  OptInPolicy opt_in;
  in.each("/double_opt_in/types", [&](const std::string& name, const std::string& place) {
    if (const auto type = parse_touch_type(name)) {
      opt_in.types.set(static_cast<std::size_t>(*type));
    } else {
      in.bad_choice(place, name, touch_type_names());
    }
  });
  opt_in.expires_after = in.duration("/double_opt_in/expires_after", opt_in.expires_after);
  if (opt_in.expires_after.ms <= 0)
    in.error("/double_opt_in/expires_after", "must be positive", "policy.bad_duration");
  return opt_in;
}

}  // namespace

WorkPolicy read_work(PolicyReader& in) {
  WorkPolicy work;
  work.contact = read_contact(in);
  work.sdr = read_sdr(in);
  work.cadence = read_cadence(in);
  work.meetings.hands_over = in.boolean("/meetings/hand_over", true);
  work.meetings.reschedules = in.integer("/meetings/reschedules", work.meetings.reschedules);
  work.opt_in = read_opt_in(in);
  work.after_lost = in.duration("/nurture/after_lost", Duration{});
  work.second_person = in.boolean("/reopen/second_person", true);
  return work;
}

}  // namespace baton
