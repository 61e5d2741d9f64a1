# The program finds its data beside itself: <prefix>/share/tilewright when installed, and
# build/share/tilewright (links to the sources) in the build tree.
set(share "${CMAKE_BINARY_DIR}/share/tilewright")
file(MAKE_DIRECTORY "${share}/paper")
foreach(folder nodes rtl)
  file(CREATE_LINK "${CMAKE_SOURCE_DIR}/${folder}" "${share}/${folder}" SYMBOLIC)
endforeach()
file(CREATE_LINK "${CMAKE_SOURCE_DIR}/experiments/contest/data" "${share}/contest" SYMBOLIC)
foreach(folder printed published manuscript)
  file(CREATE_LINK "${CMAKE_SOURCE_DIR}/paper/${folder}" "${share}/paper/${folder}" SYMBOLIC)
endforeach()

install(DIRECTORY nodes/ DESTINATION "${CMAKE_INSTALL_DATADIR}/tilewright/nodes" FILES_MATCHING PATTERN "*.toml")
install(DIRECTORY rtl/ DESTINATION "${CMAKE_INSTALL_DATADIR}/tilewright/rtl"
        FILES_MATCHING PATTERN "*.sv" PATTERN "*.svh" PATTERN "*.f")
install(DIRECTORY paper/printed paper/published DESTINATION "${CMAKE_INSTALL_DATADIR}/tilewright/paper"
        FILES_MATCHING PATTERN "*.csv")
install(DIRECTORY paper/manuscript DESTINATION "${CMAKE_INSTALL_DATADIR}/tilewright/paper"
        FILES_MATCHING PATTERN "*.tex" PATTERN "*.csv")
install(DIRECTORY experiments/contest/data/ DESTINATION "${CMAKE_INSTALL_DATADIR}/tilewright/contest"
        FILES_MATCHING PATTERN "*.csv")
