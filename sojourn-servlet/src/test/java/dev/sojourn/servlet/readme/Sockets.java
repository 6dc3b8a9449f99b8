package dev.sojourn.servlet.readme;

// README: socket
import dev.sojourn.DetachedSession;
import dev.sojourn.SessionWatch;
import dev.sojourn.SessionWatch.Registration;
import dev.sojourn.servlet.Sojourn;
import jakarta.servlet.http.HttpSession;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;

public class Sockets extends Endpoint {
    private final SessionWatch watch; // SessionWatch.every(Duration.ofSeconds(5), executor), a ScheduledExecutorService
    private Registration watching = () -> {};

    public Sockets(SessionWatch watch) {
        this.watch = watch;
    }

    /** Keeps the session of the handshake. */
    public static class Handshake extends ServerEndpointConfig.Configurator {
        @Override
        public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
            if (request.getHttpSession() instanceof HttpSession session) {
                config.getUserProperties()
                        .put("session", Sojourn.session(session).toDetached());
            }
        }
    }

    @Override
    public void onOpen(Session socket, EndpointConfig config) {
        if (!(config.getUserProperties().get("session") instanceof DetachedSession session)) {
            close(socket);
            return;
        }
        watching = watch.watch(session, () -> close(socket));
        socket.addMessageHandler(String.class, (MessageHandler.Whole<String>) text -> {
            int n = session.use(s -> s.update("messages", Integer.class, m -> m == null ? 1 : m + 1));
            send(socket, text + " " + n);
        });
    }

    @Override
    public void onClose(Session socket, CloseReason reason) {
        watching.close();
    }

    private static void send(Session socket, String text) {
        try {
            socket.getBasicRemote().sendText(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(Session socket) {
        try {
            socket.close(new CloseReason(CloseReason.CloseCodes.VIOLATED_POLICY, "signed out"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
// end
