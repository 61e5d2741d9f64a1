# cmake -DROOT=... -DLIST=... -DOUT=... -P HashSources.cmake
# LIST has a line a source, "NAME|path below ROOT", by name and path. Writes a C++ file with a hash for each NAME,
# and leaves it untouched when nothing changed. Lines that hold nothing but a comment or blanks do not count, nor
# does indentation.
cmake_minimum_required(VERSION 3.25)
file(STRINGS "${LIST}" entries)
set(names "")
foreach(entry IN LISTS entries)
  string(REPLACE "|" ";" entry "${entry}")
  list(GET entry 0 name)
  list(GET entry 1 path)
  file(READ "${ROOT}/${path}" text)
  string(REGEX REPLACE "\n[ \t]*//[^\n]*" "" text "\n${text}")
  string(REGEX REPLACE "[ \t]*\n[ \t\n]*" "\n" text "${text}")
  string(SHA256 hash "${text}")
  list(APPEND names "${name}")
  string(APPEND "of_${name}" "${path} ${hash}\n")
endforeach()
list(REMOVE_DUPLICATES names)

set(rows "")
foreach(name IN LISTS names)
  string(SHA256 hash "${of_${name}}")
  string(APPEND rows "    {\"${name}\", \"${hash}\"},\n")
endforeach()
file(CONFIGURE OUTPUT "${OUT}" @ONLY CONTENT "// Written by the build.
#include \"experiments/contest/sources.h\"

namespace tilewright {
namespace {

constexpr HashedFolder kFolders[] = {
@rows@};

}  // namespace

std::span<const HashedFolder> hashed_folders() { return kFolders; }

}  // namespace tilewright
")
