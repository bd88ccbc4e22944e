# cpprestsdk from Debian's source package, which deploy/deps/install unpacks (docs/decisions/0002). It is the HTTP
# client with its dependencies, without the listener, web sockets, file streams and tests. It is compiled as two
# units beside the layers, at -O1 because it waits for the network.

set(_cpprest ${BATON_SOURCES}/cpprest/Release)
set(_cpprest_client
  http/client/http_client_asio.cpp http/client/http_client.cpp http/client/http_client_msg.cpp
  http/client/x509_cert_utilities.cpp pplx/pplx.cpp pplx/pplxlinux.cpp pplx/threadpool.cpp)
set(_cpprest_values
  http/common/http_compression.cpp http/common/http_helpers.cpp http/common/http_msg.cpp
  http/oauth/oauth1.cpp http/oauth/oauth2.cpp json/json.cpp json/json_parsing.cpp json/json_serialization.cpp
  uri/uri.cpp uri/uri_builder.cpp utilities/asyncrt_utils.cpp utilities/base64.cpp utilities/web_utilities.cpp)

add_library(cpprest STATIC EXCLUDE_FROM_ALL)
foreach(group client values)
  list(TRANSFORM _cpprest_${group} REPLACE "(.+)" "#include \"\\1\"\n" OUTPUT_VARIABLE _includes)
  list(JOIN _includes "" _includes)
  set(_unit ${CMAKE_BINARY_DIR}/generated/cpprest/${group}.cpp)
  file(GENERATE OUTPUT ${_unit} CONTENT "${_includes}")
  target_sources(cpprest PRIVATE ${_unit})
endforeach()
set_target_properties(cpprest PROPERTIES CXX_STANDARD 11)
target_include_directories(cpprest SYSTEM PUBLIC ${_cpprest}/include PRIVATE ${_cpprest}/src ${_cpprest}/src/pch)
target_compile_definitions(cpprest
  PUBLIC CPPREST_EXCLUDE_WEBSOCKETS=1 CPPREST_FORCE_HTTP_CLIENT_ASIO CPPREST_NO_SSL_LEAK_SUPPRESS
  PRIVATE CPPREST_EXCLUDE_BROTLI=1 BOOST_BIND_GLOBAL_PLACEHOLDERS)
target_compile_options(cpprest PRIVATE -w -fno-strict-aliasing $<$<CONFIG:Release>:-O1>)
if(BATON_SANITIZE STREQUAL "address")
  target_compile_options(cpprest PRIVATE -fno-sanitize=fuzzer-no-link,all)  # the sanitizer works without it
endif()
target_link_libraries(cpprest PUBLIC
  Boost::random Boost::system Boost::thread Boost::filesystem Boost::chrono Boost::atomic Boost::date_time Boost::regex
  OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB Threads::Threads)
