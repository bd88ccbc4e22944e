#pragma once

#include <string>
#include <string_view>

#include "gateway/core/model/effect.h"

namespace baton {

// Every text of the messages, in one place and both languages.
struct MessageWords {
  std::string_view waiting, seconds, minutes, hours, day, days, today, tomorrow, unknown_contact;
  std::string_view new_lead, asked_again, mended, expires_in, overdue_by, just_due, reassigned,
      reassigned_no_contact, withdrawn, resolved, corrected, task, escalated, just_escalated,
      nobody, many_hops, rework;
  std::string_view task_qualify, task_call, task_write, task_channel, task_run_out, task_reopen,
      task_stays_out, task_comes_back;
  std::string_view next, do_accept, do_accept_and_call, do_contact, do_contact_now, do_talk,
      do_assign, do_choose, do_mend, do_qualify, do_decide, do_agree, do_task;
  std::string_view note, stale, excused_one, excused_many, comes_late, this_message, this_warning,
      and_one_more, and_more;
  std::string_view company, position, reason, known_by, due, phone, email, owner, queue, grade,
      accept_by, contact_by;
  std::string_view accept, reject, call, reached, not_reached, details, known, later, decide;
  std::string_view asked_contact, asked_offer, strongest_signal, graded;
};
const MessageWords& message_words(std::string_view language);

// "Mon".."Sun" and "Jan".."Dec", as the language writes them; days from Monday, 0.
std::string_view weekday_word(int day, std::string_view language);
std::string_view month_word(int month, std::string_view language);

}  // namespace baton
