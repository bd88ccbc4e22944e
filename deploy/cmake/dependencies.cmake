# Third-party libraries, each as an interface target of the layer that may use it. Two come from a folder that
# deploy/deps/install fills (docs/decisions/0002 gives the reasons).

if(BATON_SANITIZE AND NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "Sanitizers are those of Clang (presets asan and tsan): runtimes of two compilers do not mix.")
endif()
if(BATON_SANITIZE STREQUAL "address")
  # Tests and fuzzers share the objects of the layers, so these contain libFuzzer's counters too.
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=vptr,function
                      -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined --ld-path=ld.lld-14)
elseif(BATON_SANITIZE STREQUAL "thread")
  # ThreadSanitizer does not model Asio's fences. Locks order the same accesses.
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread --ld-path=ld.lld-14)
endif()

set(BATON_DEPS_DIR "${CMAKE_SOURCE_DIR}/build/deps" CACHE PATH "What deploy/deps/install has fetched")
if(DEFINED ENV{BATON_DEPS_DIR})
  set(BATON_DEPS_DIR "$ENV{BATON_DEPS_DIR}" CACHE PATH "" FORCE)
endif()
file(GLOB _found "${BATON_DEPS_DIR}/sources-*")
if(NOT _found)
  message(FATAL_ERROR "No third-party sources in ${BATON_DEPS_DIR}: run deploy/deps/install first.")
endif()
list(SORT _found COMPARE NATURAL ORDER DESCENDING)
list(GET _found 0 BATON_SOURCES)
include_directories(SYSTEM ${BATON_SOURCES}/include)
link_directories(${BATON_SOURCES}/lib)
message(STATUS "Third-party sources: ${BATON_SOURCES}")

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
# Everywhere alike, because the precompiled header requires it (hiredis needs the second option).
add_compile_options(-pthread)
add_compile_definitions(_FILE_OFFSET_BITS=64)
find_package(Boost 1.81 REQUIRED COMPONENTS json random system thread filesystem chrono atomic date_time regex)
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(date REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(CURL 7.85 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(HIREDIS REQUIRED IMPORTED_TARGET hiredis)
pkg_check_modules(IDN2 REQUIRED IMPORTED_TARGET libidn2)
pkg_check_modules(PSL REQUIRED IMPORTED_TARGET libpsl)
pkg_check_modules(ICAL REQUIRED IMPORTED_TARGET libical)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)

# The allocator of programs (docs/decisions/0018); sanitizers have another one.
add_library(baton_allocator INTERFACE)
if(NOT BATON_SANITIZE)
  pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
  target_link_libraries(baton_allocator INTERFACE -Wl,--no-as-needed PkgConfig::JEMALLOC -Wl,--as-needed)
endif()

include(cpprest)

set(BATON_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
    -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers -Werror)
# In an optimized build, GCC 12 reports false warnings for inlined library code (PR 105329, PR 105562). It collects its
# heap from 400 MB on instead of 128 MB, because the precompiled header alone has 115 MB.
set(_inlined restrict maybe-uninitialized stringop-overflow array-bounds)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  list(TRANSFORM _inlined PREPEND -Wno-)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(--param=ggc-min-heapsize=400000)
  endif()
else()
  list(TRANSFORM _inlined PREPEND -Wno-error=)
endif()
list(APPEND BATON_WARNINGS ${_inlined})

# ccache accepts a precompiled header only with these options. Warnings come from GCC, which builds the shipped
# program. Clang is used for its sanitizers and its fuzzer.
set(BATON_PCH_OPTIONS -fpch-preprocess)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  set(BATON_PCH_OPTIONS -Xclang -fno-pch-timestamp)
  set(BATON_WARNINGS -w)
endif()

function(_deps name)
  add_library(${name} INTERFACE)
  target_link_libraries(${name} INTERFACE ${ARGN})
endfunction()

# Policies and canonical JSON need OpenSSL for content hashes (SHA-256).
_deps(deps_mapping Boost::json fmt::fmt OpenSSL::Crypto yaml-cpp PkgConfig::RE2 PkgConfig::ICAL ICU::uc ICU::i18n
      phonenumber PkgConfig::IDN2 PkgConfig::PSL date::date-tz)
_deps(deps_adapters cpprest CURL::libcurl OpenSSL::SSL OpenSSL::Crypto)
_deps(deps_webhooks OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB Threads::Threads)
_deps(deps_platform prometheus-cpp::core Threads::Threads OpenSSL::Crypto)
_deps(deps_store PkgConfig::HIREDIS PkgConfig::ZSTD OpenSSL::Crypto Threads::Threads)
_deps(deps_cli CLI11::CLI11)
