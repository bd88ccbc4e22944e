#pragma once

#include <span>
#include <string_view>

namespace baton {

// A file compiled into the program: the built-in adapters, schemas, calendars, Redis functions. The
// views live as long as the program. Lists are sorted by path (deploy/cmake/embed.cmake).
struct EmbeddedFile {
  std::string_view path;  // relative to the repository, '/'-separated
  std::string_view content;
};

std::span<const EmbeddedFile> embedded_mapping();
std::span<const EmbeddedFile> embedded_adapters();
std::span<const EmbeddedFile> embedded_core();
std::span<const EmbeddedFile> embedded_store();
std::span<const EmbeddedFile> embedded_api();
std::span<const EmbeddedFile> embedded_cli();

}  // namespace baton
