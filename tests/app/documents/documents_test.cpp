#include "gateway/app/documents/documents.h"
#include "tests/support/ids.h"

#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace baton {
namespace {

constexpr Instant kNow{1'772'438'400'000};

// A channel may have thousands of waiting messages when a breach happens.
TEST(DocumentsOutbox, BreachesAndEscalationsGoBeforeWaitingMessages) {
  const TempFolder folder;
  const auto keys = Keyring::open(folder.path(), std::string(64, 'a')).value();
  const Documents documents(*keys);
  const auto before = documents.open("anna"_person, {}).value();
  Decision decision;
  decision.next = before.state;
  for (const auto kind :
       {NoticeKind::kOffer, NoticeKind::kWarning, NoticeKind::kBreach, NoticeKind::kEscalation}) {
    Notice notice;
    notice.key = to_string(kind);
    notice.kind = kind;
    decision.effects.push_back(notice);
  }
  const auto commit = documents.close(before, decision, {}, {}, kNow);
  ASSERT_EQ(commit.outbox_add.size(), 4U);
  for (const auto& item : commit.outbox_add) {
    const bool urgent = item.key == "breach" || item.key == "escalation";
    EXPECT_EQ(item.not_before, urgent ? kNow - kPriorityLead : kNow) << item.key;
  }
}

}  // namespace
}  // namespace baton
