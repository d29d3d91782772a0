//! Finds out who calls and whether they may, before anything of a call but its headers is read.

use std::convert::Infallible;
use std::future::ready;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::future::BoxFuture;
use mgrd_proto::MAX_MESSAGE_BYTES;
use mgrd_transport::Peer;
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::http::{HeaderMap, Request, Response};
use tower::{Layer, Service};
use tracing::field::{Empty, display};
use tracing::{Instrument, Span, info_span};

use super::answering::{Answering, Underway};
use super::connections::Connection;
use super::drained::Drained;
use super::peer_usage::PeerUsage;
use super::receiving::{Longest, Receiving};
use super::{methods, status};
use crate::authority::{Action, Call, Identity, Unproven};
use crate::limits_reached::reached;
use crate::log_lines::CALL;
use crate::managers::Role;
use crate::metered::metered;
use crate::module::Modules;
use crate::text::line;
use crate::working_on::{Work, noted};

/// The request metadata that holds a module's secret.
const SECRET: &str = "mgrd-secret";
/// How much of the path of a call that does not exist is said in the answer.
const PATH_BYTES: usize = 100;

/// Who makes a call, as the layer found out.
pub(super) fn identity<T>(request: &tonic::Request<T>) -> Result<&Identity, Status> {
    let identity = request.extensions().get::<Identity>();
    identity.ok_or_else(|| Status::internal("the call has no identity; this is a fault of mgrd"))
}

/// Decides on what a call asks for in its body.
pub(super) fn decide<T>(request: &tonic::Request<T>, action: Action<'_>) -> Result<(), Status> {
    let connection = request.extensions().get::<Arc<Connection>>();
    let connection = connection.ok_or_else(no_record)?;
    let decision = connection.usage.audit.decide(identity(request)?, action);
    decision.map_err(|denied| status::of(&denied))
}

/// What the caller of a call uses.
pub(super) fn usage<T>(request: &tonic::Request<T>) -> Result<Arc<PeerUsage>, Status> {
    let connection = request.extensions().get::<Arc<Connection>>().ok_or_else(no_record)?;
    Ok(connection.usage.clone())
}

fn no_record() -> Status {
    Status::internal("the connection has no record; this is a fault of mgrd")
}

type Answer = BoxFuture<'static, Result<Response<Body>, Infallible>>;

/// Puts [`Identified`] before all services.
#[derive(Clone)]
pub(super) struct Identify {
    modules: Modules,
    role: Role,
}

/// A service whose calls carry the [`Identity`] of their caller.
#[derive(Clone)]
pub(super) struct Identified<S> {
    inner: S,
    identify: Identify,
}

impl Identify {
    pub(super) fn new(modules: Modules, role: Role) -> Self {
        Self { modules, role }
    }

    fn identity(&self, connection: &Connection, headers: &HeaderMap) -> Identity {
        let Peer::Process { uid, pid } = connection.peer;
        let Some(secret) = headers.get(SECRET) else {
            return if connection.process.is_outside() {
                Identity::LocalUser { uid, pid }
            } else {
                Identity::Unknown { uid, pid, why: Unproven::NoSecret }
            };
        };
        // Bytes that are not text are not a secret.
        let secret = secret.to_str().unwrap_or_default();
        match self.modules.authenticate(secret, &connection.process, uid) {
            Ok(run) => Identity::Module { run, role: self.role },
            Err(why) => Identity::Unknown { uid, pid, why: Unproven::BadSecret(why) },
        }
    }

    /// How long each message of a call may be.
    fn longest(&self, connection: &Connection, identity: &Identity, call: Call) -> Longest {
        let of_call = match methods::carries_data(call) {
            true => MAX_MESSAGE_BYTES,
            false => connection.request_bytes(),
        };
        match identity {
            Identity::Module { .. } if call == Call::Attach => Longest::Session(Arc::default()),
            Identity::Module { run, .. } => {
                let of_module = self.modules.message_bytes(&run.module);
                match of_module < of_call {
                    true => Longest::Module(run.module.clone(), of_module),
                    false => Longest::Call(of_call),
                }
            }
            _ => Longest::Call(of_call),
        }
    }

    /// Who makes a call that they may make, and what it asks for. The span of the call, which is
    /// current, names the caller.
    fn permitted<B>(
        &self,
        connection: &Connection,
        request: &Request<B>,
    ) -> Result<(Identity, Call), Status> {
        let path = request.uri().path();
        let Some(call) = methods::call(path) else {
            let path = line(path, PATH_BYTES);
            return Err(Status::unimplemented(format!("mgrd has no call '{path}'")));
        };
        let identity = self.identity(connection, request.headers());
        Span::current().record("identity", display(&identity));
        let decision = connection.usage.audit.decide(&identity, Action::Call(call));
        decision.map(|()| (identity, call)).map_err(|denied| status::of(&denied))
    }
}

impl<S> Layer<S> for Identify {
    type Service = Identified<S>;

    fn layer(&self, inner: S) -> Identified<S> {
        Identified { inner, identify: self.clone() }
    }
}

impl<S> Service<Request<Body>> for Identified<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let Some(connection) = request.extensions().get::<Arc<Connection>>().cloned() else {
            return refusal(no_record());
        };
        // A call that is refused costs time, too.
        connection.usage.timed(|| self.begin(&connection, request))
    }
}

impl<S> Identified<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send,
{
    fn begin(&self, connection: &Connection, request: Request<Body>) -> Answer {
        let usage = Arc::clone(&connection.usage);
        let request = request.map(|body| Body::new(Drained::new(body, usage.clone())));
        let path = request.uri().path();
        let id = connection.request_id(request.headers());
        let span =
            info_span!(parent: &connection.span, CALL, request = %id, path, identity = Empty);
        let permitted = span.in_scope(|| self.identify.permitted(connection, &request));
        let (identity, call) = match permitted {
            Ok(permitted) => permitted,
            Err(status) => {
                connection.refuse();
                return refusal(status);
            }
        };
        connection.accept();
        let underway = match Underway::begin(usage.clone()) {
            Ok(underway) => underway,
            Err(error) => {
                // Refusals that are not read would cost memory, too.
                connection.close(&error);
                reached(&usage.caller, "limits.connection.calls");
                return refusal(Status::resource_exhausted(error.to_string()));
            }
        };
        let pause = connection.hello_timeout();
        let longest = self.identify.longest(connection, &identity, call);
        let lengths = match &longest {
            Longest::Session(lengths) => Some(lengths.clone()),
            Longest::Call(_) | Longest::Module(..) => None,
        };
        let body = |body| Body::new(Receiving::new(body, usage.clone(), longest, pause));
        let work = Work::Call { path: path.to_owned(), request: id.to_string() };
        let mut request = request.map(body);
        request.extensions_mut().insert(identity);
        request.extensions_mut().insert(id);
        if let Some(lengths) = lengths {
            request.extensions_mut().insert(lengths);
        }
        let answer = answer(self.inner.clone(), request, usage.clone(), underway);
        // A call that its caller gives up at once costs time, too.
        Box::pin(metered(noted(answer.instrument(span), work), usage))
    }
}

fn refusal(status: Status) -> Answer {
    Box::pin(ready(Ok(status.into_http())))
}

/// Answers a call when its caller has its turn.
async fn answer<S>(
    mut service: S,
    request: Request<Body>,
    usage: Arc<PeerUsage>,
    call: Underway,
) -> Result<Response<Body>, Infallible>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    usage.turn().await;
    let response = service.call(request).await?;
    Ok(response.map(|body| Body::new(Answering::new(body, call))))
}
