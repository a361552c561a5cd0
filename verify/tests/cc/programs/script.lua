-- Run by Lua as cc.scm and as gcc have compiled it.
local t = {} for i = 1, 2000 do t[i] = (i * 7919) % 1000 end table.sort(t) print(t[1], t[2000], #t)
print(("hello %5.2f %s %q"):format(3.14159, "x", 'a"b'), string.rep("ab", 3), ("abc"):upper())
local function fib(n) if n < 2 then return n end return fib(n-1) + fib(n-2) end print(fib(22))
print(pcall(function() error("x", 0) end)) print(select('#', 1, nil, 3), math.floor(-3.5), 7 // 2, 7 % -3, 2^10, 10 / 4, 1e15, 2^53)
for k, v in string.gmatch("a=1, b=2", "(%w+)=(%w+)") do io.write(k, v, " ") end print()
local co = coroutine.wrap(function(a) for i = 1, 3 do a = coroutine.yield(a * i) end return "done" end) print(co(10), co(20), co(30), co(1))
print(string.pack("<i4d", 7, 1.5):byte(1, -1)) print(math.sin(1), math.exp(1), math.log(10), 0x7fffffff + 1, math.maxinteger, tostring(1/0), -(0/0) ~= 0/0)
print(utf8.char(228, 8364), #"ä", os.time{year=2000,month=1,day=1,hour=12}, os.date("!%Y-%m-%d", 951782400))
