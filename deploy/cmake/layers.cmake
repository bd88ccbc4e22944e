# baton_layer(NAME DIR folder DEPS targets... [EXCLUDE files...] [ALONE files...]): one static library of
# every .cpp below the folder. A new file is picked up automatically; nothing central is edited. ALONE names
# files that a unity build compiles by themselves, because of what they include.

include(embed)

add_library(baton_pch STATIC ${CMAKE_SOURCE_DIR}/mapping/pch.cpp)
target_link_libraries(baton_pch PUBLIC Boost::json fmt::fmt)
target_compile_options(baton_pch PRIVATE ${BATON_WARNINGS})
target_precompile_headers(baton_pch PRIVATE
  <algorithm> <array> <atomic> <chrono> <cstdint> <functional> <map> <memory> <optional> <span>
  <string> <string_view> <unordered_map> <utility> <variant> <vector>
  <boost/json.hpp> <boost/system/result.hpp> <fmt/format.h>)
target_compile_options(baton_pch PRIVATE ${BATON_PCH_OPTIONS})

# baton_unity(OUT files...): the files of a room as one unit, at most twelve, in the order of their names. The
# compiler reads their headers once and generates their inline functions once. Units name files from the root
# of the project, so that two checkouts share the compiler's cache. A file that was edited after such a build
# is compiled by itself from then on (deploy/build fills BATON_EDITED), so that an edit does not pay for the
# whole room each time.
set(BATON_UNIT_FILES 12)
set(BATON_EDITED "" CACHE STRING "Files, from the root of the project, that a unity build compiles by themselves")

function(baton_unity OUT)
  set(result)
  set(units)
  set(room "")
  foreach(file IN LISTS ARGN)
    file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${file})
    get_filename_component(folder ${path} DIRECTORY)
    if(NOT folder STREQUAL room)
      set(room ${folder})
      set(index 0)
    endif()
    math(EXPR batch "${index} / ${BATON_UNIT_FILES}")
    math(EXPR index "${index} + 1")
    if(path IN_LIST BATON_EDITED)
      list(APPEND result ${file})
      continue()
    endif()
    set(unit ${CMAKE_BINARY_DIR}/generated/unity/${folder}/${batch}.cpp)
    if(NOT unit IN_LIST units)
      list(APPEND units ${unit})
      set(text_${unit} "")
    endif()
    string(APPEND text_${unit} "#include \"${path}\"\n")
  endforeach()
  foreach(unit IN LISTS units)
    file(GENERATE OUTPUT ${unit} CONTENT "${text_${unit}}")
    # A constant of one file may be hidden by a local of its neighbour; a plain build looks for this.
    set_source_files_properties(${unit} PROPERTIES COMPILE_OPTIONS -Wno-shadow)
  endforeach()
  set(${OUT} ${result} ${units} PARENT_SCOPE)
endfunction()

function(baton_layer NAME)
  cmake_parse_arguments(L "" "DIR" "DEPS;EXCLUDE;ALONE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${L_DIR}/*.cpp)
  foreach(file IN LISTS L_EXCLUDE)
    list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/${L_DIR}/${file})
  endforeach()
  list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/mapping/pch.cpp)
  baton_embed_for(${NAME} embedded)
  if(NOT sources AND NOT embedded)
    add_library(baton_${NAME} INTERFACE)
    target_include_directories(baton_${NAME} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(baton_${NAME} INTERFACE ${L_DEPS})
    return()
  endif()
  if(BATON_UNITY)
    list(TRANSFORM L_ALONE PREPEND ${CMAKE_SOURCE_DIR}/${L_DIR}/)
    list(REMOVE_ITEM sources ${L_ALONE})
    baton_unity(sources ${sources})
    list(APPEND sources ${L_ALONE})
  endif()
  add_library(baton_${NAME} STATIC ${sources} ${embedded})
  target_include_directories(baton_${NAME} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(baton_${NAME} PUBLIC ${L_DEPS})
  target_compile_options(baton_${NAME} PRIVATE ${BATON_WARNINGS} ${BATON_PCH_OPTIONS})
  target_precompile_headers(baton_${NAME} REUSE_FROM baton_pch)
endfunction()
