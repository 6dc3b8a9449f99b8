package dev.sojourn.histories;

import dev.sojourn.servers.FaultyProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What can go wrong with a store and with the way to it. */
final class StoreFaults {
    private StoreFaults() {}

    /** A server that stands still, or dies and comes back with all that it has acknowledged. */
    static List<Fault> ofServer(Runnable pause, Runnable resume, Runnable kill, Runnable restart) {
        return List.of(
                new Fault("store stood still", pause, resume, 200, 3_000),
                new Fault("store killed, then started again", kill, restart, 50, 600));
    }

    /** The network between the nodes and the store: each fault meets another node than the one before. */
    static List<Fault> ofNetwork(List<FaultyProxy> proxies) {
        List<Fault> faults = new ArrayList<>();
        for (int millis : new int[] {5, 40, 1_200}) {
            Duration delay = Duration.ofMillis(millis);
            faults.add(fault(proxies, "delay of " + millis + " ms each way", proxy -> proxy.delay(delay), 200, 1_500));
        }
        faults.add(fault(proxies, "connections cut", FaultyProxy::cut, 1, 50));
        faults.add(fault(proxies, "connections half closed", FaultyProxy::halfClose, 100, 800));
        faults.add(fault(proxies, "answers lost", FaultyProxy::loseResponses, 100, 2_500));
        faults.add(fault(proxies, "silence", FaultyProxy::blackhole, 100, 2_500));
        faults.add(fault(
                proxies,
                "connections cut and refused",
                proxy -> {
                    proxy.refuse();
                    proxy.cut();
                },
                50,
                800));
        return faults;
    }

    private static Fault fault(
            List<FaultyProxy> proxies,
            String name,
            Consumer<FaultyProxy> begin,
            int shortestMillis,
            int longestMillis) {
        AtomicInteger turn = new AtomicInteger(name.length());
        return new Fault(
                "between a node and the store: " + name,
                () -> begin.accept(proxies.get(turn.getAndIncrement() % proxies.size())),
                () -> proxies.forEach(FaultyProxy::pass),
                shortestMillis,
                longestMillis);
    }
}
