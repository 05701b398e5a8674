package dev.holdfast.lab.bench;

import dev.holdfast.lab.AgentProcess;
import dev.holdfast.lab.Await;
import dev.holdfast.lab.Dockerd;
import dev.holdfast.lab.Host;
import dev.holdfast.lab.Keepalived;
import dev.holdfast.lab.Lab;
import dev.holdfast.lab.LabException;
import dev.holdfast.lab.SwarmCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;

/**
 * A Swarm loses its leader's host, which is also MASTER, and perhaps more of its managers: silently, for a minute. Both
 * contenders have the same priorities and adverts of one second. Beside keepalived is the notify script that such
 * installations have: on MASTER, if no leader is listed, it forces a new cluster until that has succeeded. Holdfast has its
 * defaults.
 *
 * @param managers how many the Swarm has
 * @param lost how many of them are cut off
 */
record ManagersLost(int managers, int lost) implements Figure {
    private static final String VIP = RouterConfig.VIP;
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(30);
    private static final Duration LEADER_LIMIT = Duration.ofMinutes(3);
    private static final Duration CUT = Duration.ofMinutes(1);

    @Override
    public String key() {
        return "lose-" + lost + "-of-" + managers;
    }

    @Override
    public String title() {
        return "%d of %d managers cut off for at least %d s, the leader and MASTER among them: a quorum %s"
                .formatted(lost, managers, CUT.toSeconds(), quorumLives() ? "lives" : "is lost");
    }

    private boolean quorumLives() {
        return managers - lost > managers / 2;
    }

    /** How many forces it takes. */
    private int needed() {
        return quorumLives() ? 0 : 1;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                new Metric("wrongful-forces", "wrongful forces", "", new Goal.AtMost(0)),
                new Metric("forces", "forces", "", new Goal.Information()),
                new Metric("leader", "to a working leader", "s", new Goal.Information()),
                new Metric("managers", "managers left in the end, least", "", new Goal.AtLeast(managers)),
                new Metric("leaders", "leaders in the end, most", "", new Goal.AtMost(1)),
                new Metric("things", "things lost of a service, secret, config, network", "", new Goal.AtMost(0)));
    }

    /** What one trial came to; the time in seconds, infinite if no leader came. */
    private record Trial(int forces, double leader, int managers, int leaders, int things) {}

    @Override
    public Map<String, Reading> measure(Contender contender, Plan plan) {
        List<Trial> trials = trials(contender, plan);
        List<Double> leader = trials.stream().map(Trial::leader).toList();
        String watched = "%d trials at once, read %d s after mending"
                .formatted(trials.size(), plan.healWatch().toSeconds());
        Reading time = leader.stream().allMatch(seconds -> seconds.isInfinite())
                ? Reading.never("not within " + LEADER_LIMIT.toSeconds() + " s")
                : Reading.of(Percentiles.of(leader, 50), leader).noting("the median");
        return Map.of(
                "wrongful-forces",
                        Reading.of(sum(trials.stream().mapToDouble(trial -> Math.max(0, trial.forces() - needed()))))
                                .noting(watched),
                "forces", Reading.of(sum(trials.stream().mapToDouble(Trial::forces))),
                "leader", time,
                "managers", Reading.of(least(trials.stream().mapToDouble(Trial::managers))),
                "leaders", Reading.of(most(trials.stream().mapToDouble(Trial::leaders))),
                "things", Reading.of(sum(trials.stream().mapToDouble(Trial::things))));
    }

    /** All at once, each in a lab of its own: nearly all of their time is waiting. */
    private List<Trial> trials(Contender contender, Plan plan) {
        Callable<Trial> one = () -> {
            try (Lab lab = Lab.create("bench")) {
                return trial(contender, lab, plan.healWatch());
            }
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(plan.heals())) {
            List<Trial> trials = new ArrayList<>();
            for (Future<Trial> done : threads.invokeAll(Collections.nCopies(plan.heals(), one))) {
                trials.add(done.get());
            }
            return trials;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while measuring", e);
        } catch (ExecutionException e) {
            throw new LabException("a trial failed", e);
        }
    }

    private static double sum(DoubleStream values) {
        return values.sum();
    }

    private static double least(DoubleStream values) {
        return orNothing(values.min());
    }

    private static double most(DoubleStream values) {
        return orNothing(values.max());
    }

    private static double orNothing(OptionalDouble value) {
        return value.orElse(Double.NaN);
    }

    private Trial trial(Contender contender, Lab lab, Duration watch) {
        SwarmCluster cluster = SwarmCluster.start(lab, managers, 0);
        SwarmCluster.Contents before =
                SwarmCluster.Contents.of(cluster.managers().getFirst());
        for (Dockerd engine : cluster.managers()) {
            launch(contender, engine, 100 - 10 * cluster.managers().indexOf(engine));
        }
        lab.awaitSoleHolder(cluster.managers().getFirst().host(), VIP, SETTLE_LIMIT);
        List<Dockerd> gone = cluster.managers().subList(0, lost);
        List<Dockerd> left = cluster.managers().subList(lost, managers);
        Instant cut = Instant.now();
        gone.forEach(engine -> engine.host().link().cut());
        double leader;
        try {
            SwarmCluster.awaitLeader(left, LEADER_LIMIT);
            leader = Duration.between(cut, Instant.now()).toMillis() / 1000.0;
        } catch (LabException e) {
            leader = Double.POSITIVE_INFINITY;
        }
        Duration rest = CUT.minus(Duration.between(cut, Instant.now()));
        Pair.pass(rest.isPositive() ? rest : Duration.ZERO);
        gone.forEach(engine -> engine.host().link().mend());
        Pair.pass(watch);
        List<Dockerd> leaders = SwarmCluster.leaders(cluster.managers());
        return new Trial(
                (int) cluster.forceCalls(),
                leader,
                leaders.stream().mapToInt(SwarmCluster::reachableManagers).max().orElse(0),
                leaders.size(),
                leaders.isEmpty()
                        ? things(before)
                        : things(before) - things(SwarmCluster.Contents.of(leaders.getFirst())));
    }

    private static int things(SwarmCluster.Contents contents) {
        return contents.services().size()
                + contents.secrets().size()
                + contents.configs().size()
                + contents.networks().size();
    }

    private static void launch(Contender contender, Dockerd engine, int priority) {
        Host host = engine.host();
        switch (contender) {
            case HOLDFAST -> {
                AgentProcess agent = AgentProcess.launch(host, holdfast(engine, priority));
                Await.until(
                        "the agent of " + host + " to be up", SETTLE_LIMIT, () -> agent.httpStatus("/healthz") != 0);
            }
            case KEEPALIVED -> Keepalived.launch(host, keepalived(engine, priority));
        }
    }

    private static String holdfast(Dockerd engine, int priority) {
        return """
                holdfast {
                  node = %s
                  vrrp.instances.VI_1 {
                    interface = %s
                    virtual-router-id = 51
                    priority = %d
                    addresses = ["%s/24"]
                  }
                  swarm.docker-host = "%s"
                }
                """.formatted(engine.host().name(), engine.host().interfaceName(), priority, VIP, engine.url());
    }

    private static String keepalived(Dockerd engine, int priority) {
        Host host = engine.host();
        return """
                global_defs {
                    script_user root
                }
                vrrp_instance VI_1 {
                    state BACKUP
                    interface %s
                    virtual_router_id 51
                    priority %d
                    advert_int 1
                    notify "%s"
                    virtual_ipaddress {
                        %s/24
                    }
                }
                """.formatted(host.interfaceName(), priority, script(engine), VIP);
    }

    /** What notify scripts of this kind do. keepalived gives it GROUP or INSTANCE, the name and the new state. */
    private static java.nio.file.Path script(Dockerd engine) {
        return engine.host().writeScript("notify.sh", """
                        #!/bin/sh
                        [ "$3" = MASTER ] || exit 0
                        export DOCKER_HOST=%s
                        docker node ls | grep Leader && exit 0
                        until docker swarm init --force-new-cluster --advertise-addr %s; do sleep 1; done
                        """.formatted(
                        engine.url(), engine.host().address()));
    }
}
