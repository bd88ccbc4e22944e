# Files inside the program: built-in adapters, schemas, Redis functions, calendars, texts, templates.
# Each list becomes one generated .cpp that defines `std::span<const EmbeddedFile> embedded_LAYER()`
# (mapping/schema/embedded.h), sorted by path, path relative to the repository.

set(BATON_EMBED_mapping  docs/reference/schema/*.json mapping/data/*)
set(BATON_EMBED_adapters adapters/sources/*.yaml adapters/crm/*.yaml adapters/notify/*.yaml adapters/enrich/*.yaml)
set(BATON_EMBED_core     gateway/core/calendar/data/*.yaml gateway/core/text/data/*/*.yaml)
set(BATON_EMBED_store    gateway/store/redis/lua/*.lua gateway/store/seal/data/*)
set(BATON_EMBED_api      gateway/api/openapi.yaml gateway/api/assets/*)
set(BATON_EMBED_cli      gateway/cli/templates/* gateway/cli/templates/*/* gateway/cli/demo/config/* gateway/cli/demo/config/*/* gateway/cli/demo/deliveries/*)

function(baton_embed_for LAYER OUT)
  set(patterns)
  foreach(pattern IN LISTS BATON_EMBED_${LAYER})
    list(APPEND patterns ${CMAKE_SOURCE_DIR}/${pattern})
  endforeach()
  if(NOT patterns)
    set(${OUT} "" PARENT_SCOPE)
    return()
  endif()
  file(GLOB files LIST_DIRECTORIES false CONFIGURE_DEPENDS ${patterns})
  if(NOT files)
    set(${OUT} "" PARENT_SCOPE)
    return()
  endif()
  list(SORT files)
  set(cpp ${CMAKE_BINARY_DIR}/generated/embedded_${LAYER}.cpp)
  string(REPLACE ";" "|" joined "${files}")
  add_custom_command(OUTPUT ${cpp}
    COMMAND ${CMAKE_COMMAND} -DROOT=${CMAKE_SOURCE_DIR} -DLAYER=${LAYER} -DOUT=${cpp} "-DFILES=${joined}"
            -P ${CMAKE_SOURCE_DIR}/deploy/cmake/embed_files.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/deploy/cmake/embed_files.cmake VERBATIM)
  # A target without libraries: the layer's objects do not wait until the layers below are linked.
  add_custom_target(baton_embedded_${LAYER} DEPENDS ${cpp})
  set(${OUT} ${cpp} PARENT_SCOPE)
endfunction()
