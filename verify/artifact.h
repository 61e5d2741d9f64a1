// What a gate may rely on in an artifact folder. The folder may come from anyone: names are checked
// before they reach a tool, because tools take options and scripts from the same places as file
// names.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tilewright {

struct RtlSources {
  std::filesystem::path folder;       // DIR/rtl
  std::vector<std::string> files;     // filelist.f in order; plain names that exist in `folder`
  std::string top;                    // module of the last file
  std::vector<std::string> wrappers;  // modules of the distinct tile configurations, in order
};

// Throws Error TW-VERIFY-002 when filelist.f is absent, holds anything but "+incdir+.", comments
// and plain names of existing files, or does not end with a top module.
RtlSources read_rtl_sources(const std::filesystem::path& folder);

// True for a relative path of plain parts that stays inside its folder.
bool inside_folder(const std::string& path);

}  // namespace tilewright
