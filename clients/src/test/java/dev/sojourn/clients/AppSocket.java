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

/** Counts its messages in the session that its handshake came with. */
public final class AppSocket extends Endpoint {
    /** Keeps the session of the handshake. */
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
            String answer = session == null ? "no session" : answer(session, text);
            send(socket, answer);
        });
    }

    private static void send(Session socket, String text) {
        try {
            socket.getBasicRemote().sendText(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What both servers with a socket answer to a message. */
    static String answer(DetachedSession session, String text) {
        return text + " " + session.use(s -> s.update("views", Integer.class, n -> n == null ? 1 : n + 1));
    }
}
