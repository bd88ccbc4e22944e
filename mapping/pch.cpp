// The precompiled headers of all rooms are built with this file (deploy/cmake/layers.cmake).
