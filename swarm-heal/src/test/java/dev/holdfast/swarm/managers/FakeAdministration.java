package dev.holdfast.swarm.managers;

import dev.holdfast.swarm.ApiReply;
import dev.holdfast.swarm.Inventory;
import dev.holdfast.swarm.JoinTokens;
import dev.holdfast.swarm.Secret;
import dev.holdfast.swarm.SwarmAdministration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Writes down what it is told, and answers as told. */
final class FakeAdministration implements SwarmAdministration {

    final List<String> calls = new ArrayList<>();
    Function<String, ApiReply<String>> answer = _ -> new ApiReply.Ok<>("done");
    ApiReply<JoinTokens> tokens = new ApiReply.Ok<>(new JoinTokens(new Secret("W"), new Secret("M")));
    ApiReply<Inventory> inventory = new ApiReply.Ok<>(Inventory.EMPTY);

    private ApiReply<String> called(String call) {
        calls.add(call);
        return answer.apply(call);
    }

    @Override
    public ApiReply<String> leave() {
        return called("leave");
    }

    @Override
    public ApiReply<String> init(java.net.InetAddress advertise, int port) {
        return called("init " + advertise.getHostAddress() + ":" + port);
    }

    @Override
    public ApiReply<String> join(JoinRequest request) {
        return called("join " + request.token().reveal() + " " + request.managers() + " "
                + request.advertise().getHostAddress() + ":" + request.port());
    }

    @Override
    public ApiReply<String> unlock(Secret key) {
        return called("unlock " + key.reveal());
    }

    @Override
    public ApiReply<JoinTokens> tokens() {
        return tokens;
    }

    @Override
    public ApiReply<Inventory> inventory() {
        return inventory;
    }

    @Override
    public ApiReply<String> setRole(String nodeId, String role) {
        return called(nodeId + " " + role);
    }

    @Override
    public ApiReply<String> removeNode(String nodeId, boolean force) {
        return called("remove " + nodeId + " " + force);
    }

    @Override
    public void close() {}
}
