// The manuscript and the generated files made into a PDF.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tilewright {

// Runs pdflatex on FOLDER/paper.tex, without a shell for the document, until its references are
// settled. The same sources give the same bytes. Throws Error TW-CLI-041 when pdflatex is not there
// and TW-CLI-042 with the first complaint when it fails.
void typeset(const std::filesystem::path& folder);

// Lines of FOLDER/paper.log that say a box or a table did not fit.
std::vector<std::string> overfull_boxes(const std::filesystem::path& folder);

}  // namespace tilewright
