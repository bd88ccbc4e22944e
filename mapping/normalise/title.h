#pragma once

#include <string>
#include <string_view>

namespace baton {

// A job title by two taxonomies; "" where the title does not say.
struct Title {
  std::string level;     // c_level, vp, director, manager, specialist, junior, external
  std::string function;  // management, sales, marketing, it, engineering, purchasing, finance, hr,
                         // production, quality, logistics, other
};

// Reads German and English titles: gender forms ("-in", "/in", ":in", "*in", "(m/w/d)"),
// abbreviations ("GF", "Ltg.", "Stv.", "Prok.") and German compounds, which are split by their
// suffix ("Vertriebsleiterin": director of sales). A deputy stands one level below; where a level
// is told and no function, the function is other. Any thread.
Title classify_title(std::string_view raw);

}  // namespace baton
