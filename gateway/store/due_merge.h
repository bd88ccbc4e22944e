#pragma once

#include <algorithm>

#include "gateway/store/store.h"

namespace baton {

// Sorts due items from several partitions by due time and truncates them to `limit`.
template <class T>
void finish_due(DueList<T>& list, std::size_t limit) {
  std::stable_sort(list.items.begin(), list.items.end(),
                   [](const T& a, const T& b) { return a.due < b.due; });
  if (list.items.size() > limit) list.items.resize(limit);
}

// Sets list.next to `at` if that is earlier.
template <class T>
void note_next(DueList<T>& list, Instant at) {
  if (!list.next || at < *list.next) list.next = at;
}

}  // namespace baton
