# Speed of simulation, on request: "cmake --build BUILD --target speed", then "ctest -L speed". Models without
# assertions, and made by Clang where it is installed, whose code is a seventh faster than GCC's.
find_program(RTL_CLANG clang++)

# speed_bench(name [columns rows] of tiles, least kHz, rounds, elements of a vector, parameters)
function(speed_bench name)
  cmake_parse_arguments(arg "" "COLUMNS;ROWS;LEAST;ROUNDS;K;VLEN;DFLIT;DMEM;WMEM" "" COLUMNS 1 ROWS 1 ${ARGN})
  rtl_model(speed_${name}_model FAST TOP tcc_tile PREFIX Vtile
            PARAMETERS Vlen=${arg_VLEN} FetchSize=2 Stanum=8 XrWp=2 VrWp=2 Xdpnum=2 Vdpnum=1 ImemKib=2
                       DmemKib=${arg_DMEM} WmemKib=${arg_WMEM} DflitWidth=${arg_DFLIT} MeshCols=8 MeshRows=8
                       ImemFile="imem.hex" WmemFile="wmem.hex" DmemFile="dmem.hex")
  rtl_bench(speed_${name} SOURCE speed_bench.cpp MODELS speed_${name}_model FLOORS codegen LONG speed ${arg_ROUNDS}
            DEFINES COLUMNS=${arg_COLUMNS} ROWS=${arg_ROWS} VLEN=${arg_VLEN} K=${arg_K} FETCH=2
                    DFLIT_WIDTH=${arg_DFLIT} LEAST_KHZ=${arg_LEAST})
endfunction()
speed_bench(128 LEAST 500 ROUNDS 20 K 128 VLEN 128 DMEM 16 WMEM 64 DFLIT 64)
speed_bench(256 LEAST 500 ROUNDS 20 K 256 VLEN 256 DMEM 32 WMEM 128 DFLIT 128)
speed_bench(512 LEAST 100 ROUNDS 20 K 256 VLEN 512 DMEM 32 WMEM 128 DFLIT 128)
speed_bench(2048 LEAST 20 ROUNDS 20 K 256 VLEN 2048 DMEM 64 WMEM 128 DFLIT 256)
speed_bench(8x8 COLUMNS 8 ROWS 8 LEAST 10 ROUNDS 3 K 128 VLEN 128 DMEM 16 WMEM 64 DFLIT 64)

add_custom_target(speed)
get_property(benches GLOBAL PROPERTY RTL_LONG_BENCHES_speed)
add_dependencies(speed ${benches})
