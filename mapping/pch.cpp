// The precompiled headers of all layers are built with this file (deploy/cmake/layers.cmake).
