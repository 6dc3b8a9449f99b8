package dev.sojourn.clients;

import dev.sojourn.DetachedSession;
import dev.sojourn.servlet.Sojourn;
import jakarta.servlet.http.HttpSession;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A WebSocket endpoint that counts its messages in the session of its handshake. */
public final class AppSocket extends Endpoint {
    /** Passes the session of the handshake to the endpoint. */
    static final class Handshake extends ServerEndpointConfig.Configurator {
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
        DetachedSession session = (DetachedSession) config.getUserProperties().get("session");
        socket.addMessageHandler(String.class, (MessageHandler.Whole<String>) text -> {
            String reply = session == null ? "no session" : reply(session, text);
            send(socket, reply);
        });
    }

    private static void send(Session socket, String text) {
        try {
            socket.getBasicRemote().sendText(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts a message and returns the reply that both servers with a WebSocket send. */
    static String reply(DetachedSession session, String text) {
        return text + " " + session.use(s -> s.update("views", Integer.class, n -> n == null ? 1 : n + 1));
    }
}
