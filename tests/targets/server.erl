%% An echo server with a process for each connection.
-module(server).
-export([start/1]).

start(Port) ->
    {ok, Listener} = gen_tcp:listen(Port, [binary, {ip, {127, 0, 0, 1}}, {active, false},
                                           {reuseaddr, true}, {backlog, 511}]),
    accept(Listener).

accept(Listener) ->
    case gen_tcp:accept(Listener) of
        {ok, Socket} ->
            Handler = spawn(fun() -> receive go -> echo(Socket) end end),
            ok = gen_tcp:controlling_process(Socket, Handler),
            Handler ! go;
        {error, Reason} ->
            io:format("accept: ~p~n", [Reason]),
            timer:sleep(100)
    end,
    accept(Listener).

echo(Socket) ->
    case gen_tcp:recv(Socket, 0) of
        {ok, Bytes} -> gen_tcp:send(Socket, Bytes), echo(Socket);
        {error, _} -> gen_tcp:close(Socket)
    end.
