# A floor is one folder and one library. Its headers are reached as "folder/file.h", and only by
# targets that link it: each floor publishes an include folder that holds nothing but a link to itself,
# so an include that the link list does not allow fails to compile.
function(tilewright_include_root name)
  set(root "${CMAKE_BINARY_DIR}/include/${name}")
  file(MAKE_DIRECTORY "${root}")
  file(CREATE_LINK "${CMAKE_SOURCE_DIR}/${name}" "${root}/${name}" SYMBOLIC)
  set(TILEWRIGHT_INCLUDE_ROOT "${root}" PARENT_SCOPE)
endfunction()

# tilewright_floor(NAME SOURCES ... [DEPS floor ...] [PRIVATE library ...] [PUBLIC library ...])
# DEPS are floors below; PRIVATE and PUBLIC are third-party libraries.
function(tilewright_floor name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;PRIVATE;PUBLIC" ${ARGN})
  tilewright_include_root(${name})
  add_library(tw_${name} SHARED ${arg_SOURCES})
  add_library(tilewright::${name} ALIAS tw_${name})
  set_target_properties(tw_${name} PROPERTIES OUTPUT_NAME "tilewright_${name}")
  target_include_directories(tw_${name} PUBLIC "${TILEWRIGHT_INCLUDE_ROOT}")
  list(TRANSFORM arg_DEPS PREPEND "tilewright::")
  target_link_libraries(tw_${name} PUBLIC ${arg_DEPS} ${arg_PUBLIC}
                                   PRIVATE ${arg_PRIVATE} tilewright_flags)
  install(TARGETS tw_${name} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/tilewright")
endfunction()

# tilewright_test(FLOOR SOURCES ... [DEPS floor ...] [LIBS library ...] [LABELS label ...])
# One GoogleTest executable a folder, each case a ctest entry.
function(tilewright_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;DEPS;LIBS;LABELS" ${ARGN})
  include(GoogleTest)
  add_executable(test_${name} ${arg_SOURCES})
  list(TRANSFORM arg_DEPS PREPEND "tilewright::")
  target_link_libraries(test_${name} PRIVATE ${arg_DEPS} ${arg_LIBS} GTest::gtest_main tilewright_flags)
  target_compile_definitions(test_${name} PRIVATE
    TILEWRIGHT_SOURCE_DIR="${CMAKE_SOURCE_DIR}" TILEWRIGHT_BINARY_DIR="${CMAKE_BINARY_DIR}")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  # One label with dashes: a list would be flattened on its way, and -L takes a part of it as well.
  string(JOIN "-" label ${name} ${arg_LABELS})
  gtest_discover_tests(test_${name} TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST
    PROPERTIES LABELS "${label}" TIMEOUT ${arg_TIMEOUT})
endfunction()
