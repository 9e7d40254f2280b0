-- Reads one address again and again; nothing is made of the answer.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "head.lua")
