// A look at a machine for state secrets, which is on no network and runs no agent: read-only, nothing is installed or
// left behind; what was found goes back on paper (fact/offline.h, docs/adr/0246).
#pragma once

#include <string>

#include "agent/linux/machine.h"
#include "fact/offline.h"

namespace luy::agent {

// Counts of more than 255 are told as 255. What cannot be read is told as unknown, never as sound.
fact::OfflineSummary look_offline(const Machine& machine);

// The page to print: what was found in words, the six lines, and a QR code of them where `code_of_lines` has one.
std::string offline_page(const fact::OfflineSummary& summary, const std::string& lines,
                         const std::string& code_of_lines);

// `text` as a QR code of half blocks, with its quiet zone; empty where libqrencode is not there, which is asked for
// only here: the collector runs from a disc on whatever machine.
std::string qr_blocks(const std::string& text);

}  // namespace luy::agent
