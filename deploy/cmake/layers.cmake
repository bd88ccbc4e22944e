# baton_layer(NAME DIR folder DEPS targets... [EXCLUDE files...]): one static library of every .cpp
# below the folder. A new file is picked up by itself; nothing central is edited.

include(embed)

add_library(baton_pch STATIC ${CMAKE_SOURCE_DIR}/mapping/pch.cpp)
target_link_libraries(baton_pch PUBLIC Boost::json fmt::fmt)
target_compile_options(baton_pch PRIVATE ${BATON_WARNINGS})
target_precompile_headers(baton_pch PRIVATE
  <algorithm> <array> <atomic> <chrono> <cstdint> <functional> <map> <memory> <optional> <span>
  <string> <string_view> <unordered_map> <utility> <variant> <vector>
  <boost/json.hpp> <boost/system/result.hpp> <fmt/format.h>)
target_compile_options(baton_pch PRIVATE ${BATON_PCH_OPTIONS})

function(baton_layer NAME)
  cmake_parse_arguments(L "" "DIR" "DEPS;EXCLUDE" ${ARGN})
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
  add_library(baton_${NAME} STATIC ${sources} ${embedded})
  target_include_directories(baton_${NAME} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(baton_${NAME} PUBLIC ${L_DEPS})
  target_compile_options(baton_${NAME} PRIVATE ${BATON_WARNINGS} ${BATON_PCH_OPTIONS})
  target_precompile_headers(baton_${NAME} REUSE_FROM baton_pch)
endfunction()
