#include "adapters/engine/source/examples.h"

#include <fmt/format.h>

#include "mapping/map/map_compile_parts.h"

namespace baton {

void compare_example(const json::value& expected, const json::value* actual,
                     const std::string& path, std::vector<std::string>& differences) {
  const auto say = [&](const std::string& what) {
    differences.push_back(fmt::format("{}: {}", path, what));
  };
  if (expected.is_null()) {
    if (actual != nullptr) say(fmt::format("expected to be absent, got {}", canonical(*actual)));
    return;
  }
  if (actual == nullptr)
    return say(fmt::format("expected {}, but it is absent", canonical(expected)));
  if (const auto* object = expected.if_object(); object != nullptr && actual->is_object()) {
    for (const auto& member : *object)
      compare_example(member.value(), actual->get_object().if_contains(member.key()),
                      child(path, member.key()), differences);
    return;
  }
  if (const auto* list = expected.if_array(); list != nullptr && actual->is_array()) {
    const auto& got = actual->get_array();
    if (got.size() != list->size())
      return say(fmt::format("expected {} elements, got {}", list->size(), got.size()));
    for (std::size_t i = 0; i < list->size(); ++i)
      compare_example((*list)[i], &got[i], child(path, i), differences);
    return;
  }
  if (canonical(expected) != canonical(*actual))
    say(fmt::format("expected {}, got {}", canonical(expected), canonical(*actual)));
}

}  // namespace baton
