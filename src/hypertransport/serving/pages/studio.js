// Made of studio/ by `make studio`: 720ea8dfb1091df645b3e913b64c1ccb9672fe727dcc797b038efa080761a01c
var je=globalThis,Xe=je.ShadowRoot&&(je.ShadyCSS===void 0||je.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Vi=Symbol(),No=new WeakMap,xe=class{constructor(e,i,o){if(this._$cssResult$=!0,o!==Vi)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=i}get styleSheet(){let e=this.o,i=this.t;if(Xe&&e===void 0){let o=i!==void 0&&i.length===1;o&&(e=No.get(i)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),o&&No.set(i,e))}return e}toString(){return this.cssText}},qo=t=>new xe(typeof t=="string"?t:t+"",void 0,Vi),$=(t,...e)=>{let i=t.length===1?t[0]:e.reduce((o,r,a)=>o+(s=>{if(s._$cssResult$===!0)return s.cssText;if(typeof s=="number")return s;throw Error("Value passed to 'css' function must be a 'css' function result: "+s+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(r)+t[a+1],t[0]);return new xe(i,t,Vi)},Uo=(t,e)=>{if(Xe)t.adoptedStyleSheets=e.map(i=>i instanceof CSSStyleSheet?i:i.styleSheet);else for(let i of e){let o=document.createElement("style"),r=je.litNonce;r!==void 0&&o.setAttribute("nonce",r),o.textContent=i.cssText,t.appendChild(o)}},Ni=Xe?t=>t:t=>t instanceof CSSStyleSheet?(e=>{let i="";for(let o of e.cssRules)i+=o.cssText;return qo(i)})(t):t;var{is:en,defineProperty:on,getOwnPropertyDescriptor:rn,getOwnPropertyNames:an,getOwnPropertySymbols:sn,getPrototypeOf:nn}=Object,Ke=globalThis,Ho=Ke.trustedTypes,ln=Ho?Ho.emptyScript:"",cn=Ke.reactiveElementPolyfillSupport,Ce=(t,e)=>t,ke={toAttribute(t,e){switch(e){case Boolean:t=t?ln:null;break;case Object:case Array:t=t==null?t:JSON.stringify(t)}return t},fromAttribute(t,e){let i=t;switch(e){case Boolean:i=t!==null;break;case Number:i=t===null?null:Number(t);break;case Object:case Array:try{i=JSON.parse(t)}catch{i=null}}return i}},Ye=(t,e)=>!en(t,e),Wo={attribute:!0,type:String,converter:ke,reflect:!1,useDefault:!1,hasChanged:Ye};Symbol.metadata??=Symbol("metadata"),Ke.litPropertyMetadata??=new WeakMap;var Et=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,i=Wo){if(i.state&&(i.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((i=Object.create(i)).wrapped=!0),this.elementProperties.set(e,i),!i.noAccessor){let o=Symbol(),r=this.getPropertyDescriptor(e,o,i);r!==void 0&&on(this.prototype,e,r)}}static getPropertyDescriptor(e,i,o){let{get:r,set:a}=rn(this.prototype,e)??{get(){return this[i]},set(s){this[i]=s}};return{get:r,set(s){let l=r?.call(this);a?.call(this,s),this.requestUpdate(e,l,o)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??Wo}static _$Ei(){if(this.hasOwnProperty(Ce("elementProperties")))return;let e=nn(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(Ce("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(Ce("properties"))){let i=this.properties,o=[...an(i),...sn(i)];for(let r of o)this.createProperty(r,i[r])}let e=this[Symbol.metadata];if(e!==null){let i=litPropertyMetadata.get(e);if(i!==void 0)for(let[o,r]of i)this.elementProperties.set(o,r)}this._$Eh=new Map;for(let[i,o]of this.elementProperties){let r=this._$Eu(i,o);r!==void 0&&this._$Eh.set(r,i)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let i=[];if(Array.isArray(e)){let o=new Set(e.flat(1/0).reverse());for(let r of o)i.unshift(Ni(r))}else e!==void 0&&i.push(Ni(e));return i}static _$Eu(e,i){let o=i.attribute;return o===!1?void 0:typeof o=="string"?o:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,i=this.constructor.elementProperties;for(let o of i.keys())this.hasOwnProperty(o)&&(e.set(o,this[o]),delete this[o]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Uo(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,i,o){this._$AK(e,o)}_$ET(e,i){let o=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,o);if(r!==void 0&&o.reflect===!0){let a=(o.converter?.toAttribute!==void 0?o.converter:ke).toAttribute(i,o.type);this._$Em=e,a==null?this.removeAttribute(r):this.setAttribute(r,a),this._$Em=null}}_$AK(e,i){let o=this.constructor,r=o._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let a=o.getPropertyOptions(r),s=typeof a.converter=="function"?{fromAttribute:a.converter}:a.converter?.fromAttribute!==void 0?a.converter:ke;this._$Em=r;let l=s.fromAttribute(i,a.type);this[r]=l??this._$Ej?.get(r)??l,this._$Em=null}}requestUpdate(e,i,o,r=!1,a){if(e!==void 0){let s=this.constructor;if(r===!1&&(a=this[e]),o??=s.getPropertyOptions(e),!((o.hasChanged??Ye)(a,i)||o.useDefault&&o.reflect&&a===this._$Ej?.get(e)&&!this.hasAttribute(s._$Eu(e,o))))return;this.C(e,i,o)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,i,{useDefault:o,reflect:r,wrapped:a},s){o&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,s??i??this[e]),a!==!0||s!==void 0)||(this._$AL.has(e)||(this.hasUpdated||o||(i=void 0),this._$AL.set(e,i)),r===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(i){Promise.reject(i)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[r,a]of this._$Ep)this[r]=a;this._$Ep=void 0}let o=this.constructor.elementProperties;if(o.size>0)for(let[r,a]of o){let{wrapped:s}=a,l=this[r];s!==!0||this._$AL.has(r)||l===void 0||this.C(r,void 0,a,l)}}let e=!1,i=this._$AL;try{e=this.shouldUpdate(i),e?(this.willUpdate(i),this._$EO?.forEach(o=>o.hostUpdate?.()),this.update(i)):this._$EM()}catch(o){throw e=!1,this._$EM(),o}e&&this._$AE(i)}willUpdate(e){}_$AE(e){this._$EO?.forEach(i=>i.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(i=>this._$ET(i,this[i])),this._$EM()}updated(e){}firstUpdated(e){}};Et.elementStyles=[],Et.shadowRootOptions={mode:"open"},Et[Ce("elementProperties")]=new Map,Et[Ce("finalized")]=new Map,cn?.({ReactiveElement:Et}),(Ke.reactiveElementVersions??=[]).push("2.1.2");var Ui=globalThis,jo=t=>t,Ge=Ui.trustedTypes,Xo=Ge?Ge.createPolicy("lit-html",{createHTML:t=>t}):void 0,Hi="$lit$",zt=`lit$${Math.random().toFixed(9).slice(2)}$`,Wi="?"+zt,dn=`<${Wi}>`,jt=document,Le=()=>jt.createComment(""),Ae=t=>t===null||typeof t!="object"&&typeof t!="function",ji=Array.isArray,Qo=t=>ji(t)||typeof t?.[Symbol.iterator]=="function",qi=`[ 	
\f\r]`,$e=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Ko=/-->/g,Yo=/>/g,Ht=RegExp(`>|${qi}(?:([^\\s"'>=/]+)(${qi}*=${qi}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),Go=/'/g,Jo=/"/g,tr=/^(?:script|style|textarea|title)$/i,Xi=t=>(e,...i)=>({_$litType$:t,strings:e,values:i}),g=Xi(1),er=Xi(2),ir=Xi(3),B=Symbol.for("lit-noChange"),b=Symbol.for("lit-nothing"),Zo=new WeakMap,Wt=jt.createTreeWalker(jt,129);function or(t,e){if(!ji(t)||!t.hasOwnProperty("raw"))throw Error("invalid template strings array");return Xo!==void 0?Xo.createHTML(e):e}var rr=(t,e)=>{let i=t.length-1,o=[],r,a=e===2?"<svg>":e===3?"<math>":"",s=$e;for(let l=0;l<i;l++){let c=t[l],h,m,u=-1,f=0;for(;f<c.length&&(s.lastIndex=f,m=s.exec(c),m!==null);)f=s.lastIndex,s===$e?m[1]==="!--"?s=Ko:m[1]!==void 0?s=Yo:m[2]!==void 0?(tr.test(m[2])&&(r=RegExp("</"+m[2],"g")),s=Ht):m[3]!==void 0&&(s=Ht):s===Ht?m[0]===">"?(s=r??$e,u=-1):m[1]===void 0?u=-2:(u=s.lastIndex-m[2].length,h=m[1],s=m[3]===void 0?Ht:m[3]==='"'?Jo:Go):s===Jo||s===Go?s=Ht:s===Ko||s===Yo?s=$e:(s=Ht,r=void 0);let p=s===Ht&&t[l+1].startsWith("/>")?" ":"";a+=s===$e?c+dn:u>=0?(o.push(h),c.slice(0,u)+Hi+c.slice(u)+zt+p):c+zt+(u===-2?l:p)}return[or(t,a+(t[i]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),o]},Se=class t{constructor({strings:e,_$litType$:i},o){let r;this.parts=[];let a=0,s=0,l=e.length-1,c=this.parts,[h,m]=rr(e,i);if(this.el=t.createElement(h,o),Wt.currentNode=this.el.content,i===2||i===3){let u=this.el.content.firstChild;u.replaceWith(...u.childNodes)}for(;(r=Wt.nextNode())!==null&&c.length<l;){if(r.nodeType===1){if(r.hasAttributes())for(let u of r.getAttributeNames())if(u.endsWith(Hi)){let f=m[s++],p=r.getAttribute(u).split(zt),w=/([.?@])?(.*)/.exec(f);c.push({type:1,index:a,name:w[2],strings:p,ctor:w[1]==="."?Ze:w[1]==="?"?Qe:w[1]==="@"?ti:Kt}),r.removeAttribute(u)}else u.startsWith(zt)&&(c.push({type:6,index:a}),r.removeAttribute(u));if(tr.test(r.tagName)){let u=r.textContent.split(zt),f=u.length-1;if(f>0){r.textContent=Ge?Ge.emptyScript:"";for(let p=0;p<f;p++)r.append(u[p],Le()),Wt.nextNode(),c.push({type:2,index:++a});r.append(u[f],Le())}}}else if(r.nodeType===8)if(r.data===Wi)c.push({type:2,index:a});else{let u=-1;for(;(u=r.data.indexOf(zt,u+1))!==-1;)c.push({type:7,index:a}),u+=zt.length-1}a++}}static createElement(e,i){let o=jt.createElement("template");return o.innerHTML=e,o}};function Xt(t,e,i=t,o){if(e===B)return e;let r=o!==void 0?i._$Co?.[o]:i._$Cl,a=Ae(e)?void 0:e._$litDirective$;return r?.constructor!==a&&(r?._$AO?.(!1),a===void 0?r=void 0:(r=new a(t),r._$AT(t,i,o)),o!==void 0?(i._$Co??=[])[o]=r:i._$Cl=r),r!==void 0&&(e=Xt(t,r._$AS(t,e.values),r,o)),e}var Je=class{constructor(e,i){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=i}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:i},parts:o}=this._$AD,r=(e?.creationScope??jt).importNode(i,!0);Wt.currentNode=r;let a=Wt.nextNode(),s=0,l=0,c=o[0];for(;c!==void 0;){if(s===c.index){let h;c.type===2?h=new ne(a,a.nextSibling,this,e):c.type===1?h=new c.ctor(a,c.name,c.strings,this,e):c.type===6&&(h=new ei(a,this,e)),this._$AV.push(h),c=o[++l]}s!==c?.index&&(a=Wt.nextNode(),s++)}return Wt.currentNode=jt,r}p(e){let i=0;for(let o of this._$AV)o!==void 0&&(o.strings!==void 0?(o._$AI(e,o,i),i+=o.strings.length-2):o._$AI(e[i])),i++}},ne=class t{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,i,o,r){this.type=2,this._$AH=b,this._$AN=void 0,this._$AA=e,this._$AB=i,this._$AM=o,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,i=this._$AM;return i!==void 0&&e?.nodeType===11&&(e=i.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,i=this){e=Xt(this,e,i),Ae(e)?e===b||e==null||e===""?(this._$AH!==b&&this._$AR(),this._$AH=b):e!==this._$AH&&e!==B&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):Qo(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==b&&Ae(this._$AH)?this._$AA.nextSibling.data=e:this.T(jt.createTextNode(e)),this._$AH=e}$(e){let{values:i,_$litType$:o}=e,r=typeof o=="number"?this._$AC(e):(o.el===void 0&&(o.el=Se.createElement(or(o.h,o.h[0]),this.options)),o);if(this._$AH?._$AD===r)this._$AH.p(i);else{let a=new Je(r,this),s=a.u(this.options);a.p(i),this.T(s),this._$AH=a}}_$AC(e){let i=Zo.get(e.strings);return i===void 0&&Zo.set(e.strings,i=new Se(e)),i}k(e){ji(this._$AH)||(this._$AH=[],this._$AR());let i=this._$AH,o,r=0;for(let a of e)r===i.length?i.push(o=new t(this.O(Le()),this.O(Le()),this,this.options)):o=i[r],o._$AI(a),r++;r<i.length&&(this._$AR(o&&o._$AB.nextSibling,r),i.length=r)}_$AR(e=this._$AA.nextSibling,i){for(this._$AP?.(!1,!0,i);e!==this._$AB;){let o=jo(e).nextSibling;jo(e).remove(),e=o}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},Kt=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,i,o,r,a){this.type=1,this._$AH=b,this._$AN=void 0,this.element=e,this.name=i,this._$AM=r,this.options=a,o.length>2||o[0]!==""||o[1]!==""?(this._$AH=Array(o.length-1).fill(new String),this.strings=o):this._$AH=b}_$AI(e,i=this,o,r){let a=this.strings,s=!1;if(a===void 0)e=Xt(this,e,i,0),s=!Ae(e)||e!==this._$AH&&e!==B,s&&(this._$AH=e);else{let l=e,c,h;for(e=a[0],c=0;c<a.length-1;c++)h=Xt(this,l[o+c],i,c),h===B&&(h=this._$AH[c]),s||=!Ae(h)||h!==this._$AH[c],h===b?e=b:e!==b&&(e+=(h??"")+a[c+1]),this._$AH[c]=h}s&&!r&&this.j(e)}j(e){e===b?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},Ze=class extends Kt{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===b?void 0:e}},Qe=class extends Kt{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==b)}},ti=class extends Kt{constructor(e,i,o,r,a){super(e,i,o,r,a),this.type=5}_$AI(e,i=this){if((e=Xt(this,e,i,0)??b)===B)return;let o=this._$AH,r=e===b&&o!==b||e.capture!==o.capture||e.once!==o.once||e.passive!==o.passive,a=e!==b&&(o===b||r);r&&this.element.removeEventListener(this.name,this,o),a&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},ei=class{constructor(e,i,o){this.element=e,this.type=6,this._$AN=void 0,this._$AM=i,this.options=o}get _$AU(){return this._$AM._$AU}_$AI(e){Xt(this,e)}},ar={M:Hi,P:zt,A:Wi,C:1,L:rr,R:Je,D:Qo,V:Xt,I:ne,H:Kt,N:Qe,U:ti,B:Ze,F:ei},hn=Ui.litHtmlPolyfillSupport;hn?.(Se,ne),(Ui.litHtmlVersions??=[]).push("3.3.3");var ii=(t,e,i)=>{let o=i?.renderBefore??e,r=o._$litPart$;if(r===void 0){let a=i?.renderBefore??null;o._$litPart$=r=new ne(e.insertBefore(Le(),a),a,void 0,i??{})}return r._$AI(t),r};var Ki=globalThis,Pt=class extends Et{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let i=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=ii(i,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return B}};Pt._$litElement$=!0,Pt.finalized=!0,Ki.litElementHydrateSupport?.({LitElement:Pt});var un=Ki.litElementPolyfillSupport;un?.({LitElement:Pt});(Ki.litElementVersions??=[]).push("4.2.2");var Yi="hypertransport key",Ee=class extends Error{constructor(e,i,o=0){super(i),this.status=e,this.retryAfter=o}};function sr(t){sessionStorage.setItem(Yi,t)}var nr=()=>!!sessionStorage.getItem(Yi);async function lr(t,e){let i=await ze("v1/images/generations",t,e),{data:o}=await i.json();return o.map(({b64_json:r,seed:a,strength:s})=>({src:`data:image/png;base64,${r}`,seed:a,strength:s}))}async function cr(t){return(await ze("v1/novelty",t)).json()}async function dr(t){return(await ze("v1/interventions",t)).blob()}async function hr(){let{data:t}=await(await ze("v1/models")).json(),[e,i]=t[0].size.split("x").map(Number);return{id:t[0].id,width:e,height:i}}async function ur(t){let e=new URLSearchParams({find:t.slice(0,200),limit:"12"}),{data:i}=await(await ze(`v1/concepts?${e}`)).json();return i.map(o=>o.phrase)}function Gi(t){if(t instanceof TypeError)return"The server does not answer.";if(t.status===401)return"The server asks for a key.";let e=t.message||"something went wrong";return`${e[0].toUpperCase()}${e.slice(1)}.`.replace(/\.\.$/,".")}async function ze(t,e,i){let o=sessionStorage.getItem(Yi),r=o?{Authorization:`Bearer ${o}`}:{};e&&(r["Content-Type"]="application/json");let s=await fetch(t,{method:e?"POST":"GET",headers:r,body:e&&JSON.stringify(e),signal:i});if(!s.ok)throw await pn(s);return s}async function pn(t){let i=(await t.json().catch(()=>null))?.error?.message??`the server answered ${t.status}`;return new Ee(t.status,i,Number(t.headers.get("Retry-After")))}var at={min:-1,max:1.5,step:.05},fn=["picture","compare","strip","grid"],Yt=32,Zi=8,Qi=4e3,to=512,le=2**31,pr=/^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$/;function eo(){return{prompt:"a mushroom",concepts:[{id:1,words:"brick navy",picture:"",strength:.8,region:""}],seed:7,locked:!0,calibrated:!1,view:"picture",split:50}}function io(t,e){return{id:1+Math.max(0,...t.concepts.map(o=>o.id)),words:"",picture:"",strength:.8,region:"",...e}}var ut=t=>t.words||`picture ${t.id}`;function oo(){return crypto.getRandomValues(new Uint32Array(1))[0]%le}function oi(t,e,i){let o=t.concepts.map(r=>r.id===e?{...r,...i}:r);return{...t,concepts:o}}function _e(t){let e=Math.min(at.max,Math.max(at.min,t));return Math.round(e*100)/100}function mr(t){let e=eo();et(fr(t)&&gr(t,e)),et(wr(t.prompt,Qi)&&fn.includes(t.view)),et(Number.isSafeInteger(t.seed)&&t.seed>=0&&t.seed<=le),et(typeof t.locked=="boolean"&&typeof t.calibrated=="boolean"),et(Ji(t.split,0,100)),et(Array.isArray(t.concepts)&&t.concepts.length<=Yt);for(let i of t.concepts)gn(i);return et(new Set(t.concepts.map(i=>i.id)).size===t.concepts.length),t}function gn(t){et(fr(t)&&gr(t,io({concepts:[]},{}))),et(Number.isSafeInteger(t.id)&&Ji(t.id,1,1e6)),et(wr(t.words,to)&&Ji(t.strength,at.min,at.max)),et(t.words.trim()!==""!=(t.picture!=="")),et(t.picture===""||pr.test(t.picture)),et(t.region===""||pr.test(t.region))}function et(t){if(!t)throw new Error("this link does not hold a state of the studio")}var fr=t=>typeof t=="object"&&t!==null&&!Array.isArray(t),gr=(t,e)=>Object.keys(t).sort().join()===Object.keys(e).sort().join(),wr=(t,e)=>typeof t=="string"&&t.length<=e,Ji=(t,e,i)=>typeof t=="number"&&t>=e&&t<=i;var ri=1e5,wn=4e6;async function vr(t){let e=new Blob([JSON.stringify(t)]),i=await yr(e.stream().pipeThrough(new CompressionStream("deflate-raw")));return vn(i)}async function br(t){let i=new Blob([bn(t)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));return mr(JSON.parse(new TextDecoder().decode(await yr(i,wn))))}async function yr(t,e=1/0){let i=[],o=0;for(let r=t.getReader();;){let{done:a,value:s}=await r.read();if(a)return new Uint8Array(await new Blob(i).arrayBuffer());if(o+=s.length,o>e)throw new Error("this link holds too much");i.push(s)}}function vn(t){let e=Array.from(t,i=>String.fromCharCode(i)).join("");return btoa(e).replaceAll("+","-").replaceAll("/","_").replaceAll("=","")}function bn(t){let e=atob(t.replaceAll("-","+").replaceAll("_","/"));return Uint8Array.from(e,i=>i.charCodeAt(0))}var yn=150,ai=class{#t;#i;#e;constructor(e,i){this.#t=e,this.#i=i}keep(){clearTimeout(this.#e),this.#e=setTimeout(()=>this.write(),yn)}async write(){clearTimeout(this.#e);let e=this.#t(),i=await vr(e);if(e!==this.#t())return;let o=i.length>ri;history.replaceState(null,"",o?"#":`#${i}`),this.#i(o?i.length:0)}};var xn=5e7,Cn=300,si=class{#t;#i;#e=null;#o=null;#r=new Map;#a=0;constructor(e,i){this.#t=e,this.#i=i}want(e,i){let o=this.#o;if(o&&!o.controller.signal.aborted&&kn(o.plan,e)){this.#e=null;return}this.#e={plan:e,asked:performance.now(),controller:new AbortController},o?$n(o,e,i)&&o.controller.abort():this.#n()}cancel(){this.#e=null,this.#o?.controller.abort()}async#n(){for(this.#i({busy:!0});this.#e;)this.#o=this.#e,this.#e=null,await this.#l(this.#o);this.#o=null,this.#i({busy:!1})}async#l({plan:e,asked:i,controller:{signal:o}}){let r=[];try{for(let{body:a}of e.rows){r.push(await this.#c(a,o));let s=Math.round(performance.now()-i);this.#i({plan:e,pictures:[...r],milliseconds:s})}e.rows.length||this.#i({plan:e,pictures:r,milliseconds:0})}catch(a){a.name!=="AbortError"&&this.#i({error:a})}}async#c(e,i){let o=JSON.stringify(e);for(let r=0;!this.#r.has(o);r++)try{this.#s(o,await this.#t(e,i))}catch(a){if(!(a instanceof Ee)||a.status!==429||r===5)throw a;await Ln(1e3*Math.max(1,a.retryAfter),i)}return this.#r.get(o)}#s(e,i){this.#r.set(e,i),this.#a+=xr(i);for(let[o,r]of this.#r){if(this.#a<=xn||o===e)break;this.#r.delete(o),this.#a-=xr(r)}}},xr=t=>t.reduce((e,{src:i})=>e+i.length,0),kn=(t,e)=>JSON.stringify(t)===JSON.stringify(e);function $n(t,e,i){return i&&performance.now()-t.asked>Cn||t.plan.subject!==e.subject}function Ln(t,e){return new Promise((i,o)=>{let r=setTimeout(i,t);e.addEventListener("abort",()=>{clearTimeout(r),o(e.reason)})})}var Cr=class{constructor(t,e){this.element=t,this.callback=e}start(...t){if(!!1){this.observer??(this.observer=new ResizeObserver(()=>this.check())),this.observer.observe(this.element);for(let e of t)this.observer.observe(e);this.initialCheckHandle??(this.initialCheckHandle=requestAnimationFrame(()=>{this.initialCheckHandle=void 0,this.check()}))}}stop(){this.initialCheckHandle!==void 0&&(cancelAnimationFrame(this.initialCheckHandle),this.initialCheckHandle=void 0),this.observer?.disconnect()}check(){this.callback(this.element.getClientRects().length>0)}};function kr(t,e){let i=e.getBoundingClientRect();return t.clientX>=i.left&&t.clientX<=i.right&&t.clientY>=i.top&&t.clientY<=i.bottom}var ro=new Set;function An(){let t=document.documentElement.clientWidth;return Math.abs(window.innerWidth-t)}function Sn(){let t=Number(getComputedStyle(document.body).paddingRight.replace(/px/,""));return isNaN(t)||!t?0:t}function ni(t){if(ro.add(t),!document.documentElement.classList.contains("wa-scroll-lock")){let e=An()+Sn(),i=getComputedStyle(document.documentElement).scrollbarGutter;(!i||i==="auto")&&(i="stable"),e<2&&(i=""),document.documentElement.style.setProperty("--wa-scroll-lock-gutter",i),document.documentElement.classList.add("wa-scroll-lock"),document.documentElement.style.setProperty("--wa-scroll-lock-size",`${e}px`)}}function li(t){ro.delete(t),ro.size===0&&(document.documentElement.classList.remove("wa-scroll-lock"),document.documentElement.style.removeProperty("--wa-scroll-lock-size"))}function $r(t){return t.split(" ").map(e=>e.trim()).filter(e=>e!=="")}var ci=class extends Event{constructor(){super("wa-show",{bubbles:!0,cancelable:!0,composed:!0})}};var di=class extends Event{constructor(t){super("wa-hide",{bubbles:!0,cancelable:!0,composed:!0}),this.detail=t}};var hi=class extends Event{constructor(){super("wa-after-hide",{bubbles:!0,cancelable:!1,composed:!0})}};var ui=class extends Event{constructor(){super("wa-after-show",{bubbles:!0,cancelable:!1,composed:!0})}};var Lr=$`
  :host {
    --width: 31rem;
    --spacing: var(--wa-space-l);
    --backdrop-filter: none;
    --show-duration: var(--wa-transition-normal);
    --hide-duration: var(--wa-transition-normal);

    display: none;
  }

  :host([open]) {
    display: block;
  }

  .dialog {
    display: flex;
    flex-direction: column;
    top: 0;
    right: 0;
    bottom: 0;
    left: 0;
    width: var(--width);
    max-width: calc(100% - var(--wa-space-2xl));
    max-height: calc(100% - var(--wa-space-2xl));
    color: inherit;
    background-color: var(--wa-color-surface-raised);
    border-radius: var(--wa-panel-border-radius);
    border: none;
    box-shadow: var(--wa-shadow-l);
    padding: 0;
    margin: auto;

    &.show {
      animation: show-dialog var(--show-duration) ease;

      &::backdrop {
        animation: show-backdrop var(--show-duration, 200ms) ease;
      }
    }

    &.hide {
      animation: show-dialog var(--hide-duration) ease reverse;

      &::backdrop {
        animation: show-backdrop var(--hide-duration, 200ms) ease reverse;
      }
    }

    &.pulse {
      animation: pulse 250ms ease;
    }
  }

  .dialog:focus {
    outline: none;
  }

  /* Ensure there's enough vertical padding for phones that don't update vh when chrome appears (e.g. iPhone) */
  @media screen and (max-width: 420px) {
    .dialog {
      max-height: 80vh;
    }
  }

  .open {
    display: flex;
    opacity: 1;
  }

  .header {
    flex: 0 0 auto;
    display: flex;
    flex-wrap: nowrap;

    padding-inline-start: var(--spacing);
    padding-block-end: 0;

    /* Subtract the close button's padding so that the X is visually aligned with the edges of the dialog content */
    padding-inline-end: calc(var(--spacing) - var(--wa-form-control-padding-block));
    padding-block-start: calc(var(--spacing) - var(--wa-form-control-padding-block));
  }

  .title {
    align-self: center;
    flex: 1 1 auto;
    font-family: inherit;
    font-size: var(--wa-font-size-l);
    font-weight: var(--wa-font-weight-heading);
    line-height: var(--wa-line-height-condensed);
    margin: 0;
  }

  .header-actions {
    align-self: start;
    display: flex;
    flex-shrink: 0;
    flex-wrap: wrap;
    justify-content: end;
    gap: var(--wa-space-2xs);
    padding-inline-start: var(--spacing);
  }

  .header-actions wa-button,
  .header-actions ::slotted(wa-button) {
    flex: 0 0 auto;
    display: flex;
    align-items: center;
  }

  .body {
    flex: 1 1 auto;
    display: block;
    padding: var(--spacing);
    overflow: auto;
    -webkit-overflow-scrolling: touch;

    &:focus {
      outline: none;
    }

    &:focus-visible {
      outline: var(--wa-focus-ring);
      outline-offset: var(--wa-focus-ring-offset);
    }
  }

  .footer {
    flex: 0 0 auto;
    display: flex;
    flex-wrap: wrap;
    gap: var(--wa-space-xs);
    justify-content: end;
    padding: var(--spacing);
    padding-block-start: 0;
  }

  .footer ::slotted(wa-button:not(:first-of-type)) {
    margin-inline-start: var(--wa-spacing-xs);
  }

  .dialog::backdrop {
    /*
      NOTE: the ::backdrop element doesn't inherit properly in Safari yet, but it will in 17.4! At that time, we can
      remove the fallback values here.
    */
    background-color: var(--wa-color-overlay-modal, rgb(0 0 0 / 0.25));
    backdrop-filter: var(--backdrop-filter);
  }

  @keyframes pulse {
    0% {
      scale: 1;
    }
    50% {
      scale: 1.02;
    }
    100% {
      scale: 1;
    }
  }

  @keyframes show-dialog {
    from {
      opacity: 0;
      scale: 0.8;
    }
    to {
      opacity: 1;
      scale: 1;
    }
  }

  @keyframes show-backdrop {
    from {
      opacity: 0;
    }
    to {
      opacity: 1;
    }
  }

  @media (forced-colors: active) {
    .dialog {
      border: solid 1px white;
    }
  }
`;var Gt=[];function pi(t){ce(t),Gt.push(t)}function ce(t){for(let e=Gt.length-1;e>=0;e--)if(Gt[e]===t){Gt.splice(e,1);break}}function Te(t){return Gt.length>0&&Gt[Gt.length-1]===t}var bt=class{constructor(t,...e){this.slotNames=[],this.handleSlotChange=i=>{let o=i.target;(this.slotNames.includes("[default]")&&!o.name||o.name&&this.slotNames.includes(o.name))&&this.host.requestUpdate()},(this.host=t).addController(this),this.slotNames=e}hasDefaultSlot(){return this.host.childNodes?[...this.host.childNodes].some(t=>{if(t.nodeType===Node.TEXT_NODE&&t.textContent.trim()!=="")return!0;if(t.nodeType===Node.ELEMENT_NODE){let e=t;if(e.tagName.toLowerCase()==="wa-visually-hidden")return!1;if(!e.hasAttribute("slot"))return!0}return!1}):!1}hasNamedSlot(t){return this.host.querySelector?.(`:scope > [slot="${t}"]`)!==null}test(t,e){return e&&this.host.didSSR&&!this.host.hasUpdated?!!this.host[e]:t==="[default]"?this.hasDefaultSlot():this.hasNamedSlot(t)}hostConnected(){let t=this.host.shadowRoot;t&&"addEventListener"in t&&t.addEventListener("slotchange",this.handleSlotChange)}hostDisconnected(){let t=this.host.shadowRoot;t&&"removeEventListener"in t&&t.removeEventListener("slotchange",this.handleSlotChange)}};function it(t,e){return new Promise(i=>{let o=new AbortController,{signal:r}=o;if(t.classList.contains(e))return;t.classList.add(e);let a=!1,s=()=>{a||(a=!0,t.classList.remove(e),i(),o.abort())};t.addEventListener("animationend",s,{once:!0,signal:r}),t.addEventListener("animationcancel",s,{once:!0,signal:r}),requestAnimationFrame(()=>{!a&&t.getAnimations().length===0&&s()})})}function A(t,e){let i={waitUntilFirstUpdate:!1,...e};return(o,r)=>{let{update:a}=o,s=Array.isArray(t)?t:[t];o.update=function(l){s.forEach(c=>{let h=c;if(l.has(h)){let m=l.get(h),u=this[h];m!==u&&(!i.waitUntilFirstUpdate||this.hasUpdated)&&this[r](m,u)}}),a.call(this,l)}}}var En=Object.defineProperty,zn=Object.getOwnPropertyDescriptor,Ar=t=>{throw TypeError(t)},n=(t,e,i,o)=>{for(var r=o>1?void 0:o?zn(e,i):e,a=t.length-1,s;a>=0;a--)(s=t[a])&&(r=(o?s(e,i,r):s(r))||r);return o&&r&&En(e,i,r),r},Sr=(t,e,i)=>e.has(t)||Ar("Cannot "+i),Er=(t,e,i)=>(Sr(t,e,"read from private field"),i?i.call(t):e.get(t)),zr=(t,e,i)=>e.has(t)?Ar("Cannot add the same private member more than once"):e instanceof WeakSet?e.add(t):e.set(t,i),_r=(t,e,i,o)=>(Sr(t,e,"write to private field"),o?o.call(t,i):e.set(t,i),i);var F=t=>(e,i)=>{i!==void 0?i.addInitializer(()=>{customElements.define(t,e)}):customElements.define(t,e)};var _n={attribute:!0,type:String,converter:ke,reflect:!1,hasChanged:Ye},Tn=(t=_n,e,i)=>{let{kind:o,metadata:r}=i,a=globalThis.litPropertyMetadata.get(r);if(a===void 0&&globalThis.litPropertyMetadata.set(r,a=new Map),o==="setter"&&((t=Object.create(t)).wrapped=!0),a.set(i.name,t),o==="accessor"){let{name:s}=i;return{set(l){let c=e.get.call(this);e.set.call(this,l),this.requestUpdate(s,c,t,!0,l)},init(l){return l!==void 0&&this.C(s,void 0,t,l),l}}}if(o==="setter"){let{name:s}=i;return function(l){let c=this[s];e.call(this,l),this.requestUpdate(s,c,t,!0,l)}}throw Error("Unsupported decorator location: "+o)};function d(t){return(e,i)=>typeof i=="object"?Tn(t,e,i):((o,r,a)=>{let s=r.hasOwnProperty(a);return r.constructor.createProperty(a,o),s?Object.getOwnPropertyDescriptor(r,a):void 0})(t,e,i)}function H(t){return d({...t,state:!0,attribute:!1})}var Jt=(t,e,i)=>(i.configurable=!0,i.enumerable=!0,Reflect.decorate&&typeof e!="object"&&Object.defineProperty(t,e,i),i);function S(t,e){return(i,o,r)=>{let a=s=>s.renderRoot?.querySelector(t)??null;if(e){let{get:s,set:l}=typeof o=="object"?i:r??(()=>{let c=Symbol();return{get(){return this[c]},set(h){this[c]=h}}})();return Jt(i,o,{get(){let c=s.call(this);return c===void 0&&(c=a(this),(c!==null||this.hasUpdated)&&l.call(this,c)),c}})}return Jt(i,o,{get(){return a(this)}})}}var ao=$`
  :host {
    box-sizing: border-box;
  }

  :host *,
  :host *::before,
  :host *::after {
    box-sizing: inherit;
  }

  [hidden],
  :host([hidden]) {
    display: none !important;
  }
`,Mn=/;\s+$/;function Rn(t){return t.replace(/[A-Z]/g,e=>`-${e.toLowerCase()}`)}function Tr(t){let{property:e,value:i,element:o}=t;if(i){let r=o.getAttribute("style")||"";r&&(r.match(Mn)||(r+=";"),r+=" ");let a=`${e}: ${i}`;return r.includes(a)?void 0:`${r}${a};`}return null}var mi,q=class extends Pt{constructor(){super(),zr(this,mi,!1),this.initialReflectedProperties=new Map,this.didSSR=!!this.shadowRoot,this.customStates={set:(e,i)=>{if(this.internals?.states)try{i?this.internals.states.add(e):this.internals.states.delete(e)}catch(o){if(String(o).includes("must start with '--'"))console.error("Your browser implements an outdated version of CustomStateSet. Consider using a polyfill");else throw o}},has:e=>{if(!this.internals?.states)return!1;try{return this.internals.states.has(e)}catch{return!1}}};try{this.internals=this.attachInternals()}catch{console.error("Element internals are not supported in your browser. Consider using a polyfill")}this.customStates.set("wa-defined",!0);let t=this.constructor;for(let[e,i]of t.elementProperties)i.default==="inherit"&&i.initial!==void 0&&typeof e=="string"&&this.customStates.set(`initial-${e}-${i.initial}`,!0)}static get styles(){let t=Array.isArray(this.css)?this.css:this.css?[this.css]:[];return[ao,...t]}connectedCallback(){super.connectedCallback(),this.didSSR||this.shadowRoot?.prepend(document.createComment(` Web Awesome: https://webawesome.com/docs/components/${this.localName.replace("wa-","")} `)),this.didSSR&&this.updateComplete.then(()=>{this.shadowRoot?.prepend(document.createComment(` Web Awesome: https://webawesome.com/docs/components/${this.localName.replace("wa-","")} `))})}attributeChangedCallback(t,e,i){Er(this,mi)||(this.constructor.elementProperties.forEach((o,r)=>{o.reflect&&this[r]!=null&&this.initialReflectedProperties.set(r,this[r])}),_r(this,mi,!0)),super.attributeChangedCallback(t,e,i)}willUpdate(t){super.willUpdate(t),this.initialReflectedProperties.forEach((e,i)=>{t.has(i)&&this[i]==null&&(this[i]=e)})}firstUpdated(t){super.firstUpdated(t),this.didSSR&&this.shadowRoot?.querySelectorAll("slot").forEach(e=>{e.dispatchEvent(new Event("slotchange",{bubbles:!0,composed:!1,cancelable:!1}))})}update(t){try{super.update(t)}catch(e){if(this.didSSR&&!this.hasUpdated){let i=new Event("lit-hydration-error",{bubbles:!0,composed:!0,cancelable:!1});i.error=e,this.dispatchEvent(i)}throw e}}setStyle(t,e){if(!this.style){let i=Tr({property:Rn(t),value:e,element:this});i&&this.setAttribute("style",i);return}this.style[t]=e}setStyleProperty(t,e){if(!this.style){let i=Tr({property:t,value:e,element:this});i&&this.setAttribute("style",i);return}this.style.setProperty(t,e)}relayNativeEvent(t,e){t.stopImmediatePropagation(),this.dispatchEvent(new t.constructor(t.type,{...t,...e}))}};mi=new WeakMap;n([d()],q.prototype,"dir",2);n([d()],q.prototype,"lang",2);n([d({type:Boolean,reflect:!0,attribute:"did-ssr"})],q.prototype,"didSSR",2);var so=new Set,de=new Map,_t,no="ltr",lo="en",Mr=typeof MutationObserver<"u"&&typeof document<"u"&&typeof document.documentElement<"u";if(Mr){let t=new MutationObserver(Rr);no=document.documentElement.dir||"ltr",lo=document.documentElement.lang||navigator.language,t.observe(document.documentElement,{attributes:!0,attributeFilter:["dir","lang"]})}function Me(...t){t.map(e=>{let i=e.$code.toLowerCase();de.has(i)?de.set(i,Object.assign(Object.assign({},de.get(i)),e)):de.set(i,e),_t||(_t=e)}),Rr()}function Rr(){Mr&&(no=document.documentElement.dir||"ltr",lo=document.documentElement.lang||navigator.language),[...so.keys()].map(t=>{typeof t.requestUpdate=="function"&&t.requestUpdate()})}var fi=class{constructor(e){this.host=e,this.host.addController(this)}hostConnected(){so.add(this.host)}hostDisconnected(){so.delete(this.host)}dir(){return`${this.host.dir||no}`.toLowerCase()}lang(){let e=`${this.host.lang||lo}`.toLowerCase().replace(/_/g,"-");try{return new Intl.Locale(e),e}catch{return _t?_t.$code.toLowerCase():"en"}}getTranslationData(e){var i,o;let r;try{r=new Intl.Locale(e.replace(/_/g,"-"))}catch{return{locale:void 0,language:"",region:"",primary:void 0,secondary:void 0}}let a=r.language.toLowerCase(),s=(o=(i=r.region)===null||i===void 0?void 0:i.toLowerCase())!==null&&o!==void 0?o:"",l=de.get(`${a}-${s}`),c=de.get(a);return{locale:r,language:a,region:s,primary:l,secondary:c}}exists(e,i){var o;let{primary:r,secondary:a}=this.getTranslationData((o=i.lang)!==null&&o!==void 0?o:this.lang());return i=Object.assign({includeFallback:!1},i),!!(r&&r[e]||a&&a[e]||i.includeFallback&&_t&&_t[e])}term(e,...i){let{primary:o,secondary:r}=this.getTranslationData(this.lang()),a;if(o&&o[e])a=o[e];else if(r&&r[e])a=r[e];else if(_t&&_t[e])a=_t[e];else return console.error(`No translation found for: ${String(e)}`),String(e);return typeof a=="function"?a(...i):a}date(e,i){return e=new Date(e),new Intl.DateTimeFormat(this.lang(),i).format(e)}number(e,i){return e=Number(e),isNaN(e)?"":new Intl.NumberFormat(this.lang(),i).format(e)}relativeTime(e,i,o){return new Intl.RelativeTimeFormat(this.lang(),o).format(e,i)}};var Fr={$code:"en",$name:"English",$dir:"ltr",allTagsRemoved:"All tags removed",am:"AM",autosizeColumn:"Autosize column",captions:"Captions",carousel:"Carousel",chooseDate:"Choose date",chooseDecade:"Choose decade",chooseMonth:"Choose month",chooseTime:"Choose time",chooseYear:"Choose year",clearEntry:"Clear entry",clearFilter:"Clear filter",clearSort:"Clear sort",close:"Close",closeCalendar:"Close calendar",closeTimeInput:"Close time picker",collapseRow:"Collapse row",columnMenu:"Column options",columnMovedToPosition:(t,e,i)=>`${t} moved to position ${e} of ${i}`,columns:"Columns",compactPageXOfY:(t,e)=>`${t} of ${e}`,completed:"Completed",copied:"Copied",copy:"Copy",createOption:t=>`Create "${t}"`,currentlyPlaying:"currently playing",currentValue:"Current value",date:"Date",datePickerKeyboardHelp:"Use arrow keys to change values; press Alt+Down Arrow to open the calendar.",day:"Day",dayPeriod:"AM/PM",decrement:"Decrement",deselectAllRows:"Deselect all rows",disabled:"Disabled",dropFileHere:"Drop file here or click to browse",dropFilesHere:"Drop files here or click to browse",empty:"Empty",endDate:"End date",enterFullscreen:"Enter fullscreen",error:"Error",exitFullscreen:"Exit fullscreen",expandRow:"Expand row",filterByColumn:t=>`Filter by ${t}`,filterFrom:"From",filterMax:"Max",filterMin:"Min",filterTo:"To",firstPage:"First page",goToSlide:(t,e)=>`Go to slide ${t} of ${e}`,hideColumn:"Hide column",hidePassword:"Hide password",hour:"Hour",incompleteDate:"Enter a valid date.",increment:"Increment",jumpBackwardX:t=>`Jump back ${t} pages`,jumpForwardX:t=>`Jump forward ${t} pages`,lastPage:"Last page",loading:"Loading",locked:"Locked",minute:"Minute",month:"Month",moreOptions:"More Options",mute:"Mute",nextDecade:"Next decade",nextMonth:"Next month",nextPage:"Next page",nextSlide:"Next slide",nextVideo:"Next Video",nextYear:"Next year",noData:"No data",noOptions:"No options",noResults:"No matching results",notCompleted:"Not completed",now:"Now",numCharacters:t=>t===1?"1 character":`${t} characters`,numCharactersRemaining:t=>t===1?"1 character remaining":`${t} characters remaining`,numOptionsAvailable:t=>t===0?"No options available":t===1?"1 option available":`${t} options available`,numOptionsSelected:t=>t===0?"No options selected":t===1?"1 option selected":`${t} options selected`,numRowsCopied:t=>t===1?"1 row copied":`${t} rows copied`,numRowsSelected:t=>t===1?"1 row selected":`${t} rows selected`,optionPosition:(t,e,i)=>`${t}, ${e} of ${i}`,optionsLoadError:"Options could not be loaded",pageXOfY:(t,e)=>`Page ${t} of ${e}`,pagination:"Pagination",pause:"Pause",pauseAnimation:"Pause animation",pictureInPicture:"Picture in picture",pinLeft:"Pin left",pinRight:"Pin right",play:"Play",playAnimation:"Play animation",playbackSpeed:"Playback speed",playlist:"Playlist",pm:"PM",previousDecade:"Previous decade",previousMonth:"Previous month",previousPage:"Previous page",previousSlide:"Previous slide",previousVideo:"Previous video",previousYear:"Previous year",progress:"Progress",rangeTooLong:t=>t===1?"Select a range no longer than 1 day":`Select a range no longer than ${t} days`,rangeTooShort:t=>t===1?"Select a range at least 1 day long":`Select a range at least ${t} days long`,readonly:"Read-only",remove:"Remove",resetColumns:"Reset columns",resize:"Resize",resizeColumn:"Resize column",rowsPerPage:"Rows per page",scrollableRegion:"Scrollable region",scrollToEnd:"Scroll to end",scrollToStart:"Scroll to start",search:"Search",second:"Second",seek:"Seek",seekProgress:(t,e)=>`${t} of ${e}`,selectAColorFromTheScreen:"Select a color from the screen",selectAllRows:"Select all rows",selected:"Selected",selectedDateLabel:t=>`Selected: ${t}`,selectedRangeLabel:t=>`Selected range: ${t}`,selectGroup:"Select group",selectionCleared:"Selection cleared",selectRow:"Select row",showingNofMRows:(t,e)=>`Showing ${t} of ${e} rows`,showingXtoYofZ:(t,e,i)=>`${t}\u2013${e} of ${i}`,showPassword:"Show password",slideNum:t=>`Slide ${t}`,sortAscending:"Sort ascending",sortColumn:"Sort column",sortDescending:"Sort descending",startDate:"Start date",steps:"Steps",stepXOfY:(t,e)=>`Step ${t} of ${e}`,tagAdded:t=>`${t} added`,tagAlreadyAdded:t=>`${t} is already added`,tagInputKeyboardHelp:"Press Backspace or Delete to remove this tag.",tagRemoved:t=>`${t} removed`,time:"Time",timeInputKeyboardHelp:"Use arrow keys to change values; press Alt+Down Arrow to open the time picker.",today:"Today",toggleColorFormat:"Toggle color format",tooFewTags:t=>t===1?"Add at least 1 tag":`Add at least ${t} tags`,tooManyTags:t=>t===1?"Add no more than 1 tag":`Add no more than ${t} tags`,unmute:"Unmute",unpin:"Unpin",unpinColumn:"Unpin column",videoPlayer:"Video player",volume:"Volume",year:"Year",zoomIn:"Zoom in",zoomOut:"Zoom out"};Me(Fr);var Pr=Fr;var Y=class extends fi{lang(){return this.host.didSSR&&!this.host.hasUpdated?this.host.lang||"en":super.lang()}};Me(Pr);var X={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},ot=t=>(...e)=>({_$litDirective$:t,values:e}),tt=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,i,o){this._$Ct=e,this._$AM=i,this._$Ci=o}_$AS(e,i){return this.update(e,i)}update(e,i){return this.render(...i)}};var P=ot(class extends tt{constructor(t){if(super(t),t.type!==X.ATTRIBUTE||t.name!=="class"||t.strings?.length>2)throw Error("`classMap()` can only be used in the `class` attribute and must be the only part in the attribute.")}render(t){return" "+Object.keys(t).filter(e=>t[e]).join(" ")+" "}update(t,[e]){if(this.st===void 0){this.st=new Set,t.strings!==void 0&&(this.nt=new Set(t.strings.join(" ").split(/\s/).filter(o=>o!=="")));for(let o in e)e[o]&&!this.nt?.has(o)&&this.st.add(o);return this.render(e)}let i=t.element.classList;for(let o of this.st)o in e||(i.remove(o),this.st.delete(o));for(let o in e){let r=!!e[o];r===this.st.has(o)||this.nt?.has(o)||(r?(i.add(o),this.st.add(o)):(i.remove(o),this.st.delete(o)))}return B}});var W=t=>t??b;var st=class extends q{constructor(){super(...arguments),this.localize=new Y(this),this.hasSlotController=new bt(this,"footer","header-actions","label"),this.renderedWatcher=new Cr(this,t=>this.handleRenderedChange(t)),this.open=!1,this.label="",this.withoutHeader=!1,this.lightDismiss=!1,this.withFooter=!1,this.withLabel=!1,this.handleDocumentKeyDown=t=>{t.key==="Escape"&&this.open&&Te(this)&&(t.preventDefault(),t.stopPropagation(),this.requestClose(this.dialog))}}firstUpdated(t){super.firstUpdated(t),this.open&&(this.addOpenListeners(),this.dialog.showModal(),ni(this),this.renderedWatcher.start(this.dialog))}disconnectedCallback(){super.disconnectedCallback(),this.renderedWatcher.stop(),li(this),this.removeOpenListeners()}async requestClose(t){let e=new di({source:t});if(this.dispatchEvent(e),e.defaultPrevented){this.open=!0,it(this.dialog,"pulse");return}this.removeOpenListeners(),await it(this.dialog,"hide"),this.open=!1,this.dialog.close(),li(this),this.renderedWatcher.stop();let i=this.originalTrigger;typeof i?.focus=="function"&&setTimeout(()=>i.focus()),this.dispatchEvent(new hi)}addOpenListeners(){document.addEventListener("keydown",this.handleDocumentKeyDown),pi(this)}removeOpenListeners(){document.removeEventListener("keydown",this.handleDocumentKeyDown),ce(this)}handleDialogCancel(t){t.preventDefault(),!this.dialog.classList.contains("hide")&&t.target===this.dialog&&Te(this)&&this.requestClose(this.dialog)}handleDialogClick(t){let i=t.target.closest('[data-dialog="close"]');i&&(t.stopPropagation(),this.requestClose(i))}async handleDialogPointerDown(t){t.target===this.dialog&&!kr(t,this.dialog)&&(this.lightDismiss?this.requestClose(this.dialog):await it(this.dialog,"pulse"))}handleRenderedChange(t){if(!this.open){this.renderedWatcher.stop();return}!t&&this.dialog.open?(this.removeOpenListeners(),this.dialog.close(),li(this)):t&&!this.dialog.open&&(this.addOpenListeners(),this.dialog.showModal(),ni(this))}handleOpenChange(){this.open&&!this.dialog.open?this.show():!this.open&&this.dialog.open?(this.open=!0,this.requestClose(this.dialog)):this.open||this.renderedWatcher.stop()}async show(){let t=new ci;if(this.dispatchEvent(t),t.defaultPrevented){this.open=!1;return}this.addOpenListeners(),this.originalTrigger=document.activeElement,this.open=!0,this.dialog.showModal(),ni(this),this.renderedWatcher.start(this.dialog),requestAnimationFrame(()=>{let e=this.querySelector("[autofocus]");e&&typeof e.focus=="function"?e.focus():this.dialog.focus()}),await it(this.dialog,"show"),this.dispatchEvent(new ui)}render(){let t=!this.withoutHeader,e=this.hasSlotController.test("footer","withFooter"),i=this.label.length>0||this.hasSlotController.test("label","withLabel");return g`
      <dialog
        part="dialog"
        aria-labelledby=${W(t&&i?"title":void 0)}
        aria-label=${W(!t&&this.label?this.label:void 0)}
        class=${P({dialog:!0,open:this.open})}
        @cancel=${this.handleDialogCancel}
        @click=${this.handleDialogClick}
        @pointerdown=${this.handleDialogPointerDown}
      >
        ${t?g`
              <div part="header" class="header">
                <h2 part="title" class="title" id="title">
                  <!-- If there's no label, use an invisible character to prevent the header from collapsing -->
                  <slot name="label"> ${this.label.length>0?this.label:"\u200B"} </slot>
                </h2>
                <div part="header-actions" class="header-actions">
                  <slot name="header-actions"></slot>
                  <wa-button
                    part="close-button"
                    exportparts="base:close-button__base"
                    class="close"
                    appearance="plain"
                    @click="${o=>this.requestClose(o.target)}"
                  >
                    <wa-icon
                      name="xmark"
                      label=${this.localize.term("close")}
                      library="system"
                      variant="solid"
                    ></wa-icon>
                  </wa-button>
                </div>
              </div>
            `:""}

        <div part="body" class="body"><slot></slot></div>

        <!-- Use a hidden element so we still get "slotchange" events. -->
        <div part="footer" class="footer" ?hidden=${!e}>
          <slot name="footer"></slot>
        </div>
      </dialog>
    `}};st.css=Lr;n([S(".dialog")],st.prototype,"dialog",2);n([d({type:Boolean,reflect:!0})],st.prototype,"open",2);n([d({reflect:!0})],st.prototype,"label",2);n([d({attribute:"without-header",type:Boolean,reflect:!0})],st.prototype,"withoutHeader",2);n([d({attribute:"light-dismiss",type:Boolean})],st.prototype,"lightDismiss",2);n([d({attribute:"with-footer",type:Boolean})],st.prototype,"withFooter",2);n([d({attribute:"with-label",type:Boolean})],st.prototype,"withLabel",2);n([A("open",{waitUntilFirstUpdate:!0})],st.prototype,"handleOpenChange",1);st=n([F("wa-dialog")],st);document.addEventListener("click",t=>{let e=t.target.closest("[data-dialog]");if(e instanceof Element){let[i,o]=$r(e.getAttribute("data-dialog")||"");if(i==="open"&&o?.length){let a=e.getRootNode().getElementById(o);a?.localName==="wa-dialog"?a.open=!0:console.warn(`A dialog with an ID of "${o}" could not be found in this document.`)}}}),document.addEventListener("pointerdown",()=>{});var gi=()=>({checkValidity(t){let e=t.input,i={message:"",isValid:!0,invalidKeys:[]};if(!e)return i;let o=!0;if("checkValidity"in e&&(o=e.checkValidity()),o)return i;if(i.isValid=!1,"validationMessage"in e&&(i.message=e.validationMessage),!("validity"in e))return i.invalidKeys.push("customError"),i;for(let r in e.validity){if(r==="valid")continue;let a=r;e.validity[a]&&i.invalidKeys.push(a)}return i}});var wi=class extends Event{constructor(){super("wa-invalid",{bubbles:!0,cancelable:!1,composed:!0})}};var Fn=()=>({observedAttributes:["custom-error"],checkValidity(t){let e={message:"",isValid:!0,invalidKeys:[]};return t.customError&&(e.message=t.customError,e.isValid=!1,e.invalidKeys=["customError"]),e}}),I=class extends q{constructor(){super(),this.name=null,this.disabled=!1,this.required=!1,this.assumeInteractionOn=["input"],this.validators=[],this.valueHasChanged=!1,this.hasInteracted=!1,this.customError=null,this.emittedEvents=[],this.emitInvalid=t=>{t.target===this&&(this.hasInteracted=!0,this.dispatchEvent(new wi))},this.handleInteraction=t=>{let e=this.emittedEvents;e.includes(t.type)||e.push(t.type),e.length===this.assumeInteractionOn?.length&&(this.hasInteracted=!0)},"addEventListener"in this&&this.addEventListener("invalid",this.emitInvalid)}static get validators(){return[Fn()]}static get observedAttributes(){let t=new Set(super.observedAttributes||[]);for(let e of this.validators)if(e.observedAttributes)for(let i of e.observedAttributes)t.add(i);return[...t]}connectedCallback(){super.connectedCallback(),this.didSSR&&!this.hasUpdated?this.updateComplete.then(()=>{this.updateValidity()}):this.updateValidity(),this.assumeInteractionOn.forEach(t=>{this.addEventListener?.(t,this.handleInteraction)})}firstUpdated(...t){super.firstUpdated(...t),this.updateValidity()}willUpdate(t){if(!!1&&t.has("customError")&&(this.customError||(this.customError=null),this.setCustomValidity(this.customError||"")),t.has("value")||t.has("disabled")||t.has("defaultValue")){let e=this.value;this.updateFormValue(e)}t.has("disabled")&&(this.customStates.set("disabled",this.disabled),(this.hasAttribute("disabled")||!!1&&!this.matches(":disabled"))&&this.toggleAttribute("disabled",this.disabled)),super.willUpdate(t),this.didSSR&&!this.hasUpdated?this.updateComplete.then(()=>this.updateValidity()):this.updateValidity()}updateFormValue(t){if(Array.isArray(t)){if(this.name){let e=new FormData;for(let i of t)e.append(this.name,i);this.setValue(e,e)}}else this.setValue(t,t)}get labels(){return this.internals.labels}getForm(){return this.internals.form}set form(t){t?this.setAttribute("form",t):this.removeAttribute("form")}get form(){return this.internals.form}get validity(){return this.internals.validity}get willValidate(){return this.internals.willValidate}get validationMessage(){return this.internals.validationMessage}checkValidity(){return this.updateValidity(),this.internals.checkValidity()}reportValidity(){return this.updateValidity(),this.hasInteracted=!0,this.internals.reportValidity()}get validationTarget(){return this.input||void 0}setValidity(...t){let e=t[0],i=t[1],o=t[2];o||(o=this.validationTarget),this.internals.setValidity(e,i,o||void 0),this.requestUpdate("validity"),this.setCustomStates()}setCustomStates(){let t=!!this.required,e=this.internals.validity.valid,i=this.hasInteracted;this.customStates.set("required",t),this.customStates.set("optional",!t),this.customStates.set("invalid",!e),this.customStates.set("valid",e),this.customStates.set("user-invalid",!e&&i),this.customStates.set("user-valid",e&&i)}setCustomValidity(t){if(!t){this.customError=null,this.setValidity({});return}this.customError=t,this.setValidity({customError:!0},t,this.validationTarget)}formResetCallback(){this.resetValidity(),this.hasInteracted=!1,this.valueHasChanged=!1,this.emittedEvents=[],this.updateValidity()}formDisabledCallback(t){this.disabled=t,this.updateValidity()}formStateRestoreCallback(t,e){this.didSSR&&!this.hasUpdated?this.updateComplete.then(()=>{this.value=t,e==="restore"&&this.resetValidity(),this.updateValidity()}):(this.value=t,e==="restore"&&this.resetValidity(),this.updateValidity())}setValue(...t){let[e,i]=t;this.internals.setFormValue(e,i)}get allValidators(){let t=this.constructor.validators||[],e=this.validators||[];return[...t,...e]}resetValidity(){this.setCustomValidity(""),this.setValidity({})}updateValidity(){if(this.disabled||this.hasAttribute("disabled")||!this.willValidate){this.resetValidity();return}let t=this.allValidators;if(!t?.length)return;let e={customError:!!this.customError},i=this.validationTarget||this.input||void 0,o="";for(let r of t){let{isValid:a,message:s,invalidKeys:l}=r.checkValidity(this);a||(o||(o=s),l?.length>=0&&l.forEach(c=>e[c]=!0))}o||(o=this.validationMessage),this.setValidity(e,o,i)}};I.formAssociated=!0;n([d({reflect:!0})],I.prototype,"name",2);n([d({type:Boolean})],I.prototype,"disabled",2);n([d({state:!0,attribute:!1})],I.prototype,"valueHasChanged",2);n([d({state:!0,attribute:!1})],I.prototype,"hasInteracted",2);n([d({attribute:"custom-error",reflect:!0})],I.prototype,"customError",2);n([d({attribute:!1,state:!0,type:Object})],I.prototype,"validity",1);var Or={small:"s",medium:"m",large:"l"},Dr=new Set;function yt(t,e){e in Or&&!Dr.has(`${t}:${e}`)&&(Dr.add(`${t}:${e}`),console.warn(`[${t}] size="${e}" is deprecated. Use size="${Or[e]}" instead. The long-form value will be removed in the next major version.`))}var xt=$`
  :host([size='xs']) {
    font-size: var(--wa-font-size-xs);
  }

  :host([size='s']),
  :host([size='small']) {
    font-size: var(--wa-font-size-s);
  }

  :host([size='m']),
  :host([size='medium']) {
    font-size: var(--wa-font-size-m);
  }

  :host([size='l']),
  :host([size='large']) {
    font-size: var(--wa-font-size-l);
  }

  :host([size='xl']) {
    font-size: var(--wa-font-size-xl);
  }
`;var Br=$`
  @layer wa-component {
    :host {
      display: inline-block;

      /* Workaround because Chrome doesn't like :host(:has()) below
       * https://issues.chromium.org/issues/40062355
       * Firefox doesn't like this nested rule, so both are needed */
      &:has(wa-badge) {
        position: relative;
      }
    }

    /* Apply relative positioning only when needed to position wa-badge
     * This avoids creating a new stacking context for every button */
    :host(:has(wa-badge)) {
      position: relative;
    }
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    text-decoration: none;
    user-select: none;
    -webkit-user-select: none;
    white-space: nowrap;
    vertical-align: middle;
    transition-property: background, border, box-shadow, color, opacity, transform;
    transition-duration: var(--wa-transition-fast);
    transition-timing-function: var(--wa-transition-easing);
    transform-origin: center;
    cursor: pointer;
    padding: 0 var(--wa-form-control-padding-inline);
    font-family: inherit;
    font-size: inherit;
    font-weight: var(--wa-font-weight-action);
    height: var(--wa-form-control-height);
    width: 100%;

    background-color: var(--wa-color-fill-loud, var(--wa-color-neutral-fill-loud));

    border-color: transparent;
    color: var(--wa-color-on-loud, var(--wa-color-neutral-on-loud));
    border-start-start-radius: var(--_button-start-start-radius, var(--wa-form-control-border-radius));
    border-start-end-radius: var(--_button-start-end-radius, var(--wa-form-control-border-radius));
    border-end-start-radius: var(--_button-end-start-radius, var(--wa-form-control-border-radius));
    border-end-end-radius: var(--_button-end-end-radius, var(--wa-form-control-border-radius));
    border-style: var(--wa-form-control-border-style);
    border-width: var(--wa-form-control-border-width);
  }

  /* Hover and active transforms */
  .button:not(.disabled):not(.loading) {
    @media (hover: hover) {
      &:hover {
        transform: var(--wa-button-transform-hover);
      }
    }
    &:active {
      transform: var(--wa-button-transform-active);
    }

    @media (prefers-reduced-motion: reduce) {
      &:hover,
      &:active {
        transform: none;
      }
    }
  }

  /* Appearance modifiers */
  :host([appearance='plain']) {
    /* Indentation overrides for grouping */
    margin-inline-start: var(--_button-horizontal-indent);
    margin-block-start: var(--_button-vertical-indent);

    .button {
      color: var(--wa-color-on-quiet, var(--wa-color-neutral-on-quiet));
      background-color: transparent;
      border-color: transparent;
    }
    @media (hover: hover) {
      .button:not(.disabled):not(.loading):hover {
        color: var(--wa-color-on-quiet, var(--wa-color-neutral-on-quiet));
        background-color: var(--wa-color-fill-quiet, var(--wa-color-neutral-fill-quiet));
      }
    }
    .button:not(.disabled):not(.loading):active {
      color: var(--wa-color-on-quiet, var(--wa-color-neutral-on-quiet));
      background-color: color-mix(
        in oklab,
        var(--wa-color-fill-quiet, var(--wa-color-neutral-fill-quiet)),
        var(--wa-color-mix-active)
      );
    }
  }

  :host([appearance='outlined']) {
    /* Indentation overrides for grouping outlined */
    margin-inline-start: var(--_button-horizontal-indent-outlined);
    margin-block-start: var(--_button-vertical-indent-outlined);

    .button {
      color: var(--wa-color-on-quiet, var(--wa-color-neutral-on-quiet));
      background-color: transparent;
      border-color: var(--wa-color-border-loud, var(--wa-color-neutral-border-loud));
    }
    @media (hover: hover) {
      .button:not(.disabled):not(.loading):hover {
        color: var(--wa-color-on-quiet, var(--wa-color-neutral-on-quiet));
        background-color: var(--wa-color-fill-quiet, var(--wa-color-neutral-fill-quiet));
      }
    }
    .button:not(.disabled):not(.loading):active {
      color: var(--wa-color-on-quiet, var(--wa-color-neutral-on-quiet));
      background-color: color-mix(
        in oklab,
        var(--wa-color-fill-quiet, var(--wa-color-neutral-fill-quiet)),
        var(--wa-color-mix-active)
      );
    }
  }

  :host([appearance='filled']) {
    /* Indentation overrides for grouping */
    margin-inline-start: var(--_button-horizontal-indent);
    margin-block-start: var(--_button-vertical-indent);

    .button {
      color: var(--wa-color-on-normal, var(--wa-color-neutral-on-normal));
      background-color: var(--wa-color-fill-normal, var(--wa-color-neutral-fill-normal));
      border-color: transparent;
    }
    @media (hover: hover) {
      .button:not(.disabled):not(.loading):hover {
        color: var(--wa-color-on-normal, var(--wa-color-neutral-on-normal));
        background-color: color-mix(
          in oklab,
          var(--wa-color-fill-normal, var(--wa-color-neutral-fill-normal)),
          var(--wa-color-mix-hover)
        );
      }
    }
    .button:not(.disabled):not(.loading):active {
      color: var(--wa-color-on-normal, var(--wa-color-neutral-on-normal));
      background-color: color-mix(
        in oklab,
        var(--wa-color-fill-normal, var(--wa-color-neutral-fill-normal)),
        var(--wa-color-mix-active)
      );
    }
  }

  :host([appearance='filled-outlined']) {
    /* Indentation overrides for grouping outlined */
    margin-inline-start: var(--_button-horizontal-indent-outlined);
    margin-block-start: var(--_button-vertical-indent-outlined);

    .button {
      color: var(--wa-color-on-normal, var(--wa-color-neutral-on-normal));
      background-color: var(--wa-color-fill-normal, var(--wa-color-neutral-fill-normal));
      border-color: var(--wa-color-border-normal, var(--wa-color-neutral-border-normal));
    }
    @media (hover: hover) {
      .button:not(.disabled):not(.loading):hover {
        color: var(--wa-color-on-normal, var(--wa-color-neutral-on-normal));
        background-color: color-mix(
          in oklab,
          var(--wa-color-fill-normal, var(--wa-color-neutral-fill-normal)),
          var(--wa-color-mix-hover)
        );
      }
    }
    .button:not(.disabled):not(.loading):active {
      color: var(--wa-color-on-normal, var(--wa-color-neutral-on-normal));
      background-color: color-mix(
        in oklab,
        var(--wa-color-fill-normal, var(--wa-color-neutral-fill-normal)),
        var(--wa-color-mix-active)
      );
    }
  }

  :host([appearance='accent']) {
    /* Indentation overrides for grouping */
    margin-inline-start: var(--_button-horizontal-indent);
    margin-block-start: var(--_button-vertical-indent);

    .button {
      color: var(--wa-color-on-loud, var(--wa-color-neutral-on-loud));
      background-color: var(--wa-color-fill-loud, var(--wa-color-neutral-fill-loud));
      border-color: transparent;
    }
    @media (hover: hover) {
      .button:not(.disabled):not(.loading):hover {
        background-color: color-mix(
          in oklab,
          var(--wa-color-fill-loud, var(--wa-color-neutral-fill-loud)),
          var(--wa-color-mix-hover)
        );
      }
    }
    .button:not(.disabled):not(.loading):active {
      background-color: color-mix(
        in oklab,
        var(--wa-color-fill-loud, var(--wa-color-neutral-fill-loud)),
        var(--wa-color-mix-active)
      );
    }
  }

  /* Focus states */
  .button:focus {
    outline: none;
  }

  .button:focus-visible {
    outline: var(--wa-focus-ring);
    outline-offset: var(--wa-focus-ring-offset);
  }

  /* Disabled state */
  :host([disabled]) {
    opacity: 0.5;
    cursor: not-allowed;

    /* When disabled, prevent mouse events from bubbling up from children */
    .button {
      pointer-events: none;
    }
  }

  /* Keep it last so Safari doesn't stop parsing this block */
  .button::-moz-focus-inner {
    border: 0;
  }

  /* Icon buttons */
  .button.is-icon-button {
    outline-offset: 2px;
    width: var(--wa-form-control-height);
    aspect-ratio: 1;
  }

  /* Icon buttons with a caret need to grow to fit both the icon and the caret */
  .button.is-icon-button.caret {
    width: auto;
    aspect-ratio: auto;
    min-width: var(--wa-form-control-height);
  }

  /* Pill modifier */
  :host([pill]) .button {
    border-start-start-radius: var(--_button-start-start-radius, var(--wa-border-radius-pill));
    border-start-end-radius: var(--_button-start-end-radius, var(--wa-border-radius-pill));
    border-end-start-radius: var(--_button-end-start-radius, var(--wa-border-radius-pill));
    border-end-end-radius: var(--_button-end-end-radius, var(--wa-border-radius-pill));
  }

  /*
   * Label
   */

  .start,
  .end {
    flex: 0 0 auto;
    display: flex;
    align-items: center;
    pointer-events: none;
  }

  .label {
    display: inline-block;
  }

  .is-icon-button .label {
    display: flex;
    justify-content: center;
  }

  .label::slotted(wa-icon) {
    align-self: center;
  }

  /*
   * Caret modifier
   */

  wa-icon[part='caret'] {
    display: flex;
    align-self: center;
    align-items: center;

    &::part(svg) {
      width: 0.875em;
      height: 0.875em;
    }

    .button:has(&) .end {
      display: none;
    }
  }

  /*
   * Loading modifier
   */

  .loading {
    position: relative;
    cursor: wait;

    .start,
    .label,
    .end,
    .caret {
      /* Hidden with opacity, not visibility, so the label stays in the accessibility tree */
      opacity: 0;

      /* Unlike visibility: hidden, opacity leaves the content clickable */
      pointer-events: none;
    }

    wa-spinner {
      --indicator-color: currentColor;
      --track-color: color-mix(in oklab, currentColor, transparent 90%);

      position: absolute;
      font-size: 1em;
      height: 1em;
      width: 1em;
      top: calc(50% - 0.5em);
      left: calc(50% - 0.5em);
    }
  }

  /*
   * Badges
   */

  .button ::slotted(wa-badge) {
    border-color: var(--wa-color-surface-default);
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: 0;
    translate: 50% -50%;
    pointer-events: none;
  }

  :host(:dir(rtl)) ::slotted(wa-badge) {
    translate: -50% -50%;
  }

  /*
  * Button spacing
  */

  slot[name='start']::slotted(*) {
    margin-inline-end: 0.75em;
  }

  slot[name='end']::slotted(*),
  .button:not(.visually-hidden-label) [part='caret'] {
    margin-inline-start: 0.75em;
  }
`;var Ir=$`
  :where(:root),
  .wa-neutral,
  :host([variant='neutral']) {
    --wa-color-fill-loud: var(--wa-color-neutral-fill-loud);
    --wa-color-fill-normal: var(--wa-color-neutral-fill-normal);
    --wa-color-fill-quiet: var(--wa-color-neutral-fill-quiet);
    --wa-color-border-loud: var(--wa-color-neutral-border-loud);
    --wa-color-border-normal: var(--wa-color-neutral-border-normal);
    --wa-color-border-quiet: var(--wa-color-neutral-border-quiet);
    --wa-color-on-loud: var(--wa-color-neutral-on-loud);
    --wa-color-on-normal: var(--wa-color-neutral-on-normal);
    --wa-color-on-quiet: var(--wa-color-neutral-on-quiet);
  }

  .wa-brand,
  :host([variant='brand']) {
    --wa-color-fill-loud: var(--wa-color-brand-fill-loud);
    --wa-color-fill-normal: var(--wa-color-brand-fill-normal);
    --wa-color-fill-quiet: var(--wa-color-brand-fill-quiet);
    --wa-color-border-loud: var(--wa-color-brand-border-loud);
    --wa-color-border-normal: var(--wa-color-brand-border-normal);
    --wa-color-border-quiet: var(--wa-color-brand-border-quiet);
    --wa-color-on-loud: var(--wa-color-brand-on-loud);
    --wa-color-on-normal: var(--wa-color-brand-on-normal);
    --wa-color-on-quiet: var(--wa-color-brand-on-quiet);
  }

  .wa-success,
  :host([variant='success']) {
    --wa-color-fill-loud: var(--wa-color-success-fill-loud);
    --wa-color-fill-normal: var(--wa-color-success-fill-normal);
    --wa-color-fill-quiet: var(--wa-color-success-fill-quiet);
    --wa-color-border-loud: var(--wa-color-success-border-loud);
    --wa-color-border-normal: var(--wa-color-success-border-normal);
    --wa-color-border-quiet: var(--wa-color-success-border-quiet);
    --wa-color-on-loud: var(--wa-color-success-on-loud);
    --wa-color-on-normal: var(--wa-color-success-on-normal);
    --wa-color-on-quiet: var(--wa-color-success-on-quiet);
  }

  .wa-warning,
  :host([variant='warning']) {
    --wa-color-fill-loud: var(--wa-color-warning-fill-loud);
    --wa-color-fill-normal: var(--wa-color-warning-fill-normal);
    --wa-color-fill-quiet: var(--wa-color-warning-fill-quiet);
    --wa-color-border-loud: var(--wa-color-warning-border-loud);
    --wa-color-border-normal: var(--wa-color-warning-border-normal);
    --wa-color-border-quiet: var(--wa-color-warning-border-quiet);
    --wa-color-on-loud: var(--wa-color-warning-on-loud);
    --wa-color-on-normal: var(--wa-color-warning-on-normal);
    --wa-color-on-quiet: var(--wa-color-warning-on-quiet);
  }

  .wa-danger,
  :host([variant='danger']) {
    --wa-color-fill-loud: var(--wa-color-danger-fill-loud);
    --wa-color-fill-normal: var(--wa-color-danger-fill-normal);
    --wa-color-fill-quiet: var(--wa-color-danger-fill-quiet);
    --wa-color-border-loud: var(--wa-color-danger-border-loud);
    --wa-color-border-normal: var(--wa-color-danger-border-normal);
    --wa-color-border-quiet: var(--wa-color-danger-border-quiet);
    --wa-color-on-loud: var(--wa-color-danger-on-loud);
    --wa-color-on-normal: var(--wa-color-danger-on-normal);
    --wa-color-on-quiet: var(--wa-color-danger-on-quiet);
  }
`;var Nr=Symbol.for(""),Pn=t=>{if(t?.r===Nr)return t?._$litStatic$};var co=(t,...e)=>({_$litStatic$:e.reduce((i,o,r)=>i+(a=>{if(a._$litStatic$!==void 0)return a._$litStatic$;throw Error(`Value passed to 'literal' function must be a 'literal' result: ${a}. Use 'unsafeStatic' to pass non-literal values, but
            take care to ensure page security.`)})(o)+t[r+1],t[0]),r:Nr}),Vr=new Map,ho=t=>(e,...i)=>{let o=i.length,r,a,s=[],l=[],c,h=0,m=!1;for(;h<o;){for(c=e[h];h<o&&(a=i[h],(r=Pn(a))!==void 0);)c+=r+e[++h],m=!0;h!==o&&l.push(a),s.push(c),h++}if(h===o&&s.push(e[o]),m){let u=s.join("$$lit$$");(e=Vr.get(u))===void 0&&(s.raw=s,Vr.set(u,e=s)),i=l}return t(e,...i)},vi=ho(g),iu=ho(er),ou=ho(ir);var L=class extends I{constructor(){super(...arguments),this.assumeInteractionOn=["click"],this.hasSlotController=new bt(this,"[default]","start","end"),this.localize=new Y(this),this.invalid=!1,this.isIconButton=!1,this.title="",this.variant="neutral",this.appearance="accent",this.size="m",this.withCaret=!1,this.withStart=!1,this.withEnd=!1,this.disabled=!1,this.loading=!1,this.pill=!1,this.type="button"}static get validators(){return[...super.validators,gi()]}handleSizeChange(){yt(this.localName,this.size)}constructLightDOMButton(){let t=document.createElement("button");for(let e of this.attributes)e.name!=="style"&&t.setAttribute(e.name,e.value);return t.type=this.type,t.style.position="absolute !important",t.style.width="0 !important",t.style.height="0 !important",t.style.clipPath="inset(50%) !important",t.style.overflow="hidden !important",t.style.whiteSpace="nowrap !important",this.name&&(t.name=this.name),t.value=this.value||"",t}handleClick(t){if(this.disabled||this.loading){t.preventDefault(),t.stopImmediatePropagation();return}if(this.type!=="submit"&&this.type!=="reset"||!this.getForm())return;let i=this.constructLightDOMButton();this.parentElement?.append(i),i.click(),i.remove()}handleInvalid(){this.dispatchEvent(new wi)}handleLabelSlotChange(){let t=this.labelSlot.assignedNodes({flatten:!0}),e=!1,i=!1,o=!1,r=!1;[...t].forEach(a=>{if(a.nodeType===Node.ELEMENT_NODE){let s=a;s.localName==="wa-icon"?(i=!0,e||(e=s.label!==void 0)):r=!0}else a.nodeType===Node.TEXT_NODE&&(a.textContent?.trim()||"").length>0&&(o=!0)}),this.isIconButton=i&&!o&&!r,this.customStates.set("icon-button",this.isIconButton),this.isIconButton&&!e&&console.warn('Icon buttons must have a label for screen readers. Add <wa-icon label="..."> to remove this warning.',this)}isButton(){return!this.href}isLink(){return!!this.href}handleDisabledChange(){this.customStates.set("disabled",this.disabled),this.updateValidity()}handleHrefChange(){this.customStates.set("link",this.isLink())}handleLoadingChange(){this.customStates.set("loading",this.loading)}setValue(...t){}click(){this.button.click()}focus(t){this.button.focus(t)}blur(){this.button.blur()}render(){let t=this.isLink(),e=t?co`a`:co`button`;return vi`
      <${e}
        part="base button"
        class=${P({button:!0,caret:this.withCaret,disabled:this.disabled,loading:this.loading,rtl:this.localize.dir()==="rtl","has-label":this.hasSlotController.test("[default]"),"has-start":this.hasSlotController.test("start","withStart"),"has-end":this.hasSlotController.test("end","withEnd"),"is-icon-button":this.isIconButton})}
        ?disabled=${W(t?void 0:this.disabled)}
        type=${W(t?void 0:this.type)}
        title=${this.title}
        name=${W(t?void 0:this.name)}
        value=${W(t?void 0:this.value)}
        href=${W(t?this.href:void 0)}
        target=${W(t?this.target:void 0)}
        download=${W(t?this.download:void 0)}
        rel=${W(t&&this.rel?this.rel:void 0)}
        role=${W(t?void 0:"button")}
        aria-disabled=${W(t&&this.disabled?"true":void 0)}
        aria-busy=${this.loading?"true":"false"}
        tabindex=${this.disabled?"-1":"0"}
        @invalid=${this.isButton()?this.handleInvalid:null}
        @click=${this.handleClick}
      >
        <slot name="start" part="start" class="start"></slot>
        <slot part="label" class="label" @slotchange=${this.handleLabelSlotChange}></slot>
        <slot name="end" part="end" class="end"></slot>
        ${this.withCaret?vi`
                <wa-icon part="caret" class="caret" library="system" name="chevron-down" variant="solid"></wa-icon>
              `:""}
        ${this.loading?vi`<wa-spinner part="spinner"></wa-spinner>`:""}
      </${e}>
    `}};L.shadowRootOptions={...I.shadowRootOptions,delegatesFocus:!0};L.css=[Br,Ir,xt];n([S(".button")],L.prototype,"button",2);n([S("slot:not([name])")],L.prototype,"labelSlot",2);n([H()],L.prototype,"invalid",2);n([H()],L.prototype,"isIconButton",2);n([d()],L.prototype,"title",2);n([d({reflect:!0})],L.prototype,"variant",2);n([d({reflect:!0})],L.prototype,"appearance",2);n([d({reflect:!0})],L.prototype,"size",2);n([A("size")],L.prototype,"handleSizeChange",1);n([d({attribute:"with-caret",type:Boolean,reflect:!0})],L.prototype,"withCaret",2);n([d({attribute:"with-start",type:Boolean})],L.prototype,"withStart",2);n([d({attribute:"with-end",type:Boolean})],L.prototype,"withEnd",2);n([d({type:Boolean})],L.prototype,"disabled",2);n([d({type:Boolean,reflect:!0})],L.prototype,"loading",2);n([d({type:Boolean,reflect:!0})],L.prototype,"pill",2);n([d()],L.prototype,"type",2);n([d({reflect:!0})],L.prototype,"name",2);n([d({reflect:!0})],L.prototype,"value",2);n([d({reflect:!0})],L.prototype,"href",2);n([d()],L.prototype,"target",2);n([d()],L.prototype,"rel",2);n([d()],L.prototype,"download",2);n([d({attribute:"formaction"})],L.prototype,"formAction",2);n([d({attribute:"formenctype"})],L.prototype,"formEnctype",2);n([d({attribute:"formmethod"})],L.prototype,"formMethod",2);n([d({attribute:"formnovalidate",type:Boolean})],L.prototype,"formNoValidate",2);n([d({attribute:"formtarget"})],L.prototype,"formTarget",2);n([A("disabled",{waitUntilFirstUpdate:!0})],L.prototype,"handleDisabledChange",1);n([A("href")],L.prototype,"handleHrefChange",1);n([A("loading",{waitUntilFirstUpdate:!0})],L.prototype,"handleLoadingChange",1);L=n([F("wa-button")],L);L.disableWarning?.("change-in-update");var qr=$`
  :host {
    --track-width: 2px;
    --track-color: var(--wa-color-neutral-fill-normal);
    --indicator-color: var(--wa-color-brand-fill-loud);
    --speed: 2s;
    --size: 1em;

    /*
      Resizing a spinner element using anything but font-size will break the animation because the animation uses em
      units. Therefore, if a spinner is used in a flex container without \`flex: none\` applied, the spinner can
      grow/shrink and break the animation. The use of \`flex: none\` on the host element prevents this by always having
      the spinner sized according to its actual dimensions.
    */
    flex: none;
    display: inline-flex;
    width: var(--size);
    height: var(--size);
  }

  svg {
    width: 100%;
    height: 100%;
    aspect-ratio: 1;
    animation: spin var(--speed) linear infinite;
  }

  .track,
  .indicator {
    --radius: calc(var(--size) / 2 - var(--track-width) / 2);
    --circumference: calc(var(--radius) * 2 * 3.141592654);

    cx: calc(var(--size) / 2);
    cy: calc(var(--size) / 2);
    r: var(--radius);
    fill: none;
    stroke-width: var(--track-width);
  }

  .track {
    stroke: var(--track-color);
  }

  .indicator {
    stroke: var(--indicator-color);
    stroke-linecap: round;
    stroke-dasharray: calc(0.597 * var(--circumference)), calc(0.796 * var(--circumference));
    stroke-dashoffset: calc(-0.04 * var(--circumference));
    animation: dash 1.5s ease-in-out infinite;
  }

  @keyframes spin {
    0% {
      transform: rotate(0deg);
    }
    100% {
      transform: rotate(360deg);
    }
  }

  @keyframes dash {
    0% {
      stroke-dasharray: calc(0.008 * var(--circumference)), calc(1.194 * var(--circumference));
      stroke-dashoffset: 0;
    }
    50% {
      stroke-dasharray: calc(0.716 * var(--circumference)), calc(1.194 * var(--circumference));
      stroke-dashoffset: calc(-0.278 * var(--circumference));
    }
    100% {
      stroke-dasharray: calc(0.716 * var(--circumference)), calc(1.194 * var(--circumference));
      stroke-dashoffset: calc(-0.987 * var(--circumference));
    }
  }
`;var uo=class extends q{constructor(){super(...arguments),this.localize=new Y(this)}render(){return g`
      <svg
        part="base spinner"
        role="progressbar"
        aria-label=${this.localize.term("loading")}
        fill="none"
        xmlns="http://www.w3.org/2000/svg"
      >
        <circle class="track" />
        <circle class="indicator" />
      </svg>
    `}};uo.css=qr;uo=n([F("wa-spinner")],uo);var he=class extends Event{constructor(){super("wa-error",{bubbles:!0,cancelable:!1,composed:!0})}};var Ur=class extends Event{constructor(){super("wa-load",{bubbles:!0,cancelable:!1,composed:!0})}};var Hr=$`
  :host {
    --primary-color: currentColor;
    --primary-opacity: 1;
    --secondary-color: currentColor;
    --secondary-opacity: 0.4;
    --rotate-angle: 0deg;

    box-sizing: content-box;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    vertical-align: -0.125em;
  }

  /* #region Canvas — the box the icon is centered within (mirrors Font Awesome's icon canvas). Orthogonal to font-size. */

  /* Fixed width (default): 1.25em × 1em (20 × 16px) */
  :host(:not([canvas])),
  :host([canvas='fixed']) {
    width: 1.25em;
    height: 1em;
    min-width: 1.25em; /* <-- this is what Safari respects for intrinsic */
    min-height: 1em;
  }

  /* Auto: hug the icon's width. \`auto-width\` is the deprecated alias for canvas="auto". */
  :host([canvas='auto']),
  :host([auto-width]:not([canvas])) {
    width: auto;
    height: 1em;
  }

  /* Square: 1.25em × 1.25em (20 × 20px) */
  :host([canvas='square']) {
    width: 1.25em;
    height: 1.25em;
    min-width: 1.25em;
    min-height: 1.25em;
  }

  /* Roomy: 1.5em × 1.5em (24 × 24px) */
  :host([canvas='roomy']) {
    width: 1.5em;
    height: 1.5em;
    min-width: 1.5em;
    min-height: 1.5em;
  }

  /* #endregion */

  svg {
    /* NOTE: Avoid setting fill here. A stylesheet rule beats SVG presentation attributes, breaking stroke-based
       libraries like Lucide (fill="none" stroke="currentColor") and attribute-based mutators (issue #1733). The default
       library applies fill="currentColor" in its mutator instead. */
    height: 1em;
    overflow: visible;
    width: auto;

    /* Duotone colors with path-specific opacity fallback */
    path[data-duotone-primary] {
      color: var(--primary-color);
      opacity: var(--path-opacity, var(--primary-opacity));
    }

    path[data-duotone-secondary] {
      color: var(--secondary-color);
      opacity: var(--path-opacity, var(--secondary-opacity));
    }
  }

  /* Rotation */
  :host([rotate]) {
    transform: rotate(var(--rotate-angle, 0deg));
  }

  /* Flipping */
  :host([flip='x']) {
    transform: scaleX(-1);
  }
  :host([flip='y']) {
    transform: scaleY(-1);
  }
  :host([flip='both']) {
    transform: scale(-1, -1);
  }

  /* Rotation and Flipping combined */
  :host([rotate][flip='x']) {
    transform: rotate(var(--rotate-angle, 0deg)) scaleX(-1);
  }
  :host([rotate][flip='y']) {
    transform: rotate(var(--rotate-angle, 0deg)) scaleY(-1);
  }
  :host([rotate][flip='both']) {
    transform: rotate(var(--rotate-angle, 0deg)) scale(-1, -1);
  }

  /* #region Animations — ported from Font Awesome 7.3 (--fa-* props mapped to wa-icon's --* names) */

  :host([animation='beat']) {
    animation-name: beat;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 1s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, ease-in-out);
  }

  :host([animation='bounce']) {
    animation-name: bounce;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 1s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, cubic-bezier(0.28, 0.84, 0.42, 1));
  }

  :host([animation='fade']) {
    animation-name: fade;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 1s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, ease-in-out);
  }

  :host([animation='beat-fade']) {
    animation-name: beat-fade;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 1s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, ease-in-out);
  }

  :host([animation='flip']) {
    animation-name: flip;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 1.5s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, ease-in-out);
  }

  :host([animation='flip-360']) {
    animation-name: flip-360;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 1s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, ease-in-out);
  }

  :host([animation='shake']) {
    animation-name: shake;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 0.75s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, ease-in-out);
  }

  :host([animation='spin']) {
    animation-name: spin;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 2s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, linear);
  }

  :host([animation='spin-pulse']) {
    animation-name: spin;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 1s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, steps(8));
  }

  /* spin-reverse is FA's reverse modifier expressed as a standalone value; reverse any spin via --animation-direction: reverse */
  :host([animation='spin-reverse']) {
    animation-name: spin;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, reverse);
    animation-duration: var(--animation-duration, 2s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, linear);
  }

  :host([animation='spin-snap']) {
    animation-name: spin-snap;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 3s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, linear);
  }

  :host([animation='spin-snap-4']) {
    animation-name: spin-snap-4;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 2.4s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, linear);
  }

  :host([animation='spin-snap-8']) {
    animation-name: spin-snap-8;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 4s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, linear);
  }

  :host([animation='buzz']) {
    animation-name: buzz;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 0.6s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, linear);
  }

  :host([animation='wag']) {
    animation-name: wag;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 0.9s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, ease-out);
    transform-origin: bottom center;
  }

  :host([animation='float']) {
    animation-name: float;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 3s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, ease-in-out);
    will-change: transform;
  }

  :host([animation='swing']) {
    animation-name: swing;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 1.2s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, ease-out);
    transform-origin: top center;
  }

  :host([animation='jello']) {
    animation-name: jello;
    animation-delay: var(--animation-delay, 0s);
    animation-direction: var(--animation-direction, normal);
    animation-duration: var(--animation-duration, 0.9s);
    animation-iteration-count: var(--animation-iteration-count, infinite);
    animation-timing-function: var(--animation-timing, ease-out);
  }

  @media (prefers-reduced-motion: reduce) {
    :host([animation='beat']),
    :host([animation='bounce']),
    :host([animation='fade']),
    :host([animation='beat-fade']),
    :host([animation='flip']),
    :host([animation='flip-360']),
    :host([animation='shake']),
    :host([animation='spin']),
    :host([animation='spin-pulse']),
    :host([animation='spin-reverse']),
    :host([animation='spin-snap']),
    :host([animation='spin-snap-4']),
    :host([animation='spin-snap-8']),
    :host([animation='buzz']),
    :host([animation='wag']),
    :host([animation='float']),
    :host([animation='swing']),
    :host([animation='jello']) {
      animation: none !important;
      transition: none !important;
    }
  }

  /* #endregion */

  /* #region Keyframes — ported verbatim from Font Awesome 7.3 */

  @keyframes beat {
    0% {
      transform: scale(1);
    }
    25% {
      transform: scale(calc(1.25 * var(--beat-scale, 1.25)));
    }
    45% {
      transform: scale(calc(1.22 * var(--beat-scale, 1.22)));
    }
    65% {
      transform: scale(calc(1.25 * var(--beat-scale, 1.25)));
    }
    90% {
      transform: scale(1);
    }
  }

  @keyframes bounce {
    0% {
      transform: scale(1, 1) translateY(0);
      /* No fallback by design (ported from FA 7.3): the first segment uses the user's --animation-timing or the CSS
         initial ease, while the explicit cubic-beziers on later stops drive the bounce physics. */
      animation-timing-function: var(--animation-timing);
    }
    14% {
      transform: scale(var(--bounce-start-scale-x, 1.06), var(--bounce-start-scale-y, 0.94))
        translateY(var(--bounce-anticipation, 3px));
      animation-timing-function: cubic-bezier(0.33, 0, 0.66, 0.33);
    }
    32% {
      transform: scale(var(--bounce-jump-scale-x, 0.94), var(--bounce-jump-scale-y, 1.12))
        translateY(calc(-1 * var(--bounce-height, 0.5em)));
      animation-timing-function: cubic-bezier(0.33, 0.66, 0.66, 1);
    }
    52% {
      transform: scale(1, 1) translateY(calc(-1 * var(--bounce-height, 0.5em) * 1.1));
      animation-timing-function: cubic-bezier(0.5, 0, 1, 0.5);
    }
    70% {
      transform: scale(var(--bounce-land-scale-x, 1.06), var(--bounce-land-scale-y, 0.92)) translateY(0);
      animation-timing-function: cubic-bezier(0.33, 0.33, 0.66, 1);
    }
    85% {
      transform: scale(0.98, 1.04) translateY(calc(-2px * var(--bounce-rebound, 1)));
      animation-timing-function: cubic-bezier(0.33, 0, 0.66, 1);
    }
    100% {
      transform: scale(1, 1) translateY(0);
    }
  }

  @keyframes fade {
    0% {
      opacity: 1;
      transform: scale(1);
      animation-timing-function: cubic-bezier(0.2, 0, 0.4, 1);
    }
    40% {
      opacity: var(--fade-opacity, 0.4);
      transform: scale(0.98);
      animation-timing-function: cubic-bezier(0.4, 0, 0.6, 1);
    }
    100% {
      opacity: 1;
      transform: scale(1);
    }
  }

  @keyframes beat-fade {
    0% {
      opacity: var(--beat-fade-opacity, 0.4);
      transform: scale(1);
      animation-timing-function: cubic-bezier(0.2, 0, 0.4, 1);
    }
    25% {
      opacity: calc(var(--beat-fade-opacity, 0.4) + 0.4);
      transform: scale(var(--beat-fade-scale, 1.28));
      animation-timing-function: cubic-bezier(0.4, 0, 0.6, 1);
    }
    45% {
      opacity: 1;
      transform: scale(var(--beat-fade-scale, 1.25));
      animation-timing-function: cubic-bezier(0.4, 0, 0.2, 1);
    }
    65% {
      opacity: calc(var(--beat-fade-opacity, 0.4) + 0.4);
      transform: scale(var(--beat-fade-scale, 1.28));
      animation-timing-function: cubic-bezier(0.4, 0, 0.6, 1);
    }
    100% {
      opacity: var(--beat-fade-opacity, 0.4);
      transform: scale(1);
    }
  }

  @keyframes flip {
    0% {
      transform: perspective(2em) scale(1) rotate3d(var(--flip-x, 0), var(--flip-y, 1), var(--flip-z, 0), 0deg);
      animation-timing-function: cubic-bezier(0.2, 0, 0.4, 1);
    }
    8% {
      transform: perspective(2em) scale(var(--flip-anticipation-scale, 0.95))
        rotate3d(var(--flip-x, 0), var(--flip-y, 1), var(--flip-z, 0), 0deg);
      animation-timing-function: cubic-bezier(0.33, 0, 0.66, 0.33);
    }
    35% {
      transform: perspective(2em) scale(1)
        rotate3d(var(--flip-x, 0), var(--flip-y, 1), var(--flip-z, 0), calc(var(--flip-angle, -360deg) * 0.6));
      animation-timing-function: linear;
    }
    65% {
      transform: perspective(2em) scale(1)
        rotate3d(var(--flip-x, 0), var(--flip-y, 1), var(--flip-z, 0), calc(var(--flip-angle, -360deg) * 0.5));
      animation-timing-function: cubic-bezier(0.33, 0.66, 0.66, 1);
    }
    92% {
      transform: perspective(2em) scale(1)
        rotate3d(
          var(--flip-x, 0),
          var(--flip-y, 1),
          var(--flip-z, 0),
          calc(var(--flip-angle, -360deg) * var(--flip-overshoot, 1.04))
        );
      animation-timing-function: cubic-bezier(0.33, 0, 0.66, 1);
    }
    100% {
      transform: perspective(2em) scale(1)
        rotate3d(var(--flip-x, 0), var(--flip-y, 1), var(--flip-z, 0), var(--flip-angle, -360deg));
    }
  }

  @keyframes flip-360 {
    0% {
      transform: perspective(2em) scale(1) rotate3d(var(--flip-x, 0), var(--flip-y, 1), var(--flip-z, 0), 0deg);
      animation-timing-function: cubic-bezier(0.2, 0, 0.4, 1);
    }
    8% {
      transform: perspective(2em) scale(var(--flip-anticipation-scale, 0.95))
        rotate3d(var(--flip-x, 0), var(--flip-y, 1), var(--flip-z, 0), 0deg);
      animation-timing-function: cubic-bezier(0.33, 0, 0.66, 0.33);
    }
    50% {
      transform: perspective(2em) scale(1)
        rotate3d(var(--flip-x, 0), var(--flip-y, 1), var(--flip-z, 0), calc(var(--flip-angle, -360deg) * 0.6));
      animation-timing-function: cubic-bezier(0.33, 0.66, 0.66, 1);
    }
    80% {
      transform: perspective(2em) scale(1)
        rotate3d(
          var(--flip-x, 0),
          var(--flip-y, 1),
          var(--flip-z, 0),
          calc(var(--flip-angle, -360deg) * var(--flip-overshoot, 1.04))
        );
      animation-timing-function: cubic-bezier(0.33, 0, 0.66, 1);
    }
    100% {
      transform: perspective(2em) scale(1)
        rotate3d(var(--flip-x, 0), var(--flip-y, 1), var(--flip-z, 0), var(--flip-angle, -360deg));
    }
  }

  @keyframes shake {
    0% {
      transform: rotate(0deg);
      animation-timing-function: cubic-bezier(0.2, 0, 0.8, 1);
    }
    8% {
      transform: rotate(35deg) translateX(1px);
      animation-timing-function: cubic-bezier(0.3, 0, 0.7, 1);
    }
    20% {
      transform: rotate(-22deg) translateX(-1px);
      animation-timing-function: cubic-bezier(0.3, 0, 0.7, 1);
    }
    35% {
      transform: rotate(15deg) translateX(1px);
      animation-timing-function: cubic-bezier(0.3, 0, 0.7, 1);
    }
    50% {
      transform: rotate(-9deg);
      animation-timing-function: cubic-bezier(0.4, 0, 0.6, 1);
    }
    65% {
      transform: rotate(5deg);
      animation-timing-function: cubic-bezier(0.4, 0, 0.6, 1);
    }
    78% {
      transform: rotate(-3deg);
      animation-timing-function: cubic-bezier(0.4, 0, 0.6, 1);
    }
    90% {
      transform: rotate(1deg);
      animation-timing-function: cubic-bezier(0.4, 0, 0.2, 1);
    }
    100% {
      transform: rotate(0deg);
    }
  }

  @keyframes spin {
    0% {
      transform: rotate(0deg);
    }
    100% {
      transform: rotate(360deg);
    }
  }

  @keyframes spin-snap {
    0% {
      transform: rotate(0deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    12% {
      transform: rotate(60deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    16.67% {
      transform: rotate(60deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    28.67% {
      transform: rotate(120deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    33.33% {
      transform: rotate(120deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    45.33% {
      transform: rotate(180deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    50% {
      transform: rotate(180deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    62% {
      transform: rotate(240deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    66.67% {
      transform: rotate(240deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    78.67% {
      transform: rotate(300deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    83.33% {
      transform: rotate(300deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    95.33% {
      transform: rotate(360deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    100% {
      transform: rotate(360deg);
    }
  }

  @keyframes spin-snap-4 {
    0% {
      transform: rotate(0deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    15% {
      transform: rotate(90deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    25% {
      transform: rotate(90deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    40% {
      transform: rotate(180deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    50% {
      transform: rotate(180deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    65% {
      transform: rotate(270deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    75% {
      transform: rotate(270deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    90% {
      transform: rotate(360deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    100% {
      transform: rotate(360deg);
    }
  }

  @keyframes spin-snap-8 {
    0% {
      transform: rotate(0deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    9% {
      transform: rotate(45deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    12.5% {
      transform: rotate(45deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    21.5% {
      transform: rotate(90deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    25% {
      transform: rotate(90deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    34% {
      transform: rotate(135deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    37.5% {
      transform: rotate(135deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    46.5% {
      transform: rotate(180deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    50% {
      transform: rotate(180deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    59% {
      transform: rotate(225deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    62.5% {
      transform: rotate(225deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    71.5% {
      transform: rotate(270deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    75% {
      transform: rotate(270deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    84% {
      transform: rotate(315deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    87.5% {
      transform: rotate(315deg);
      animation-timing-function: cubic-bezier(0, 0, 0.2, 1);
    }
    96.5% {
      transform: rotate(360deg);
      animation-timing-function: cubic-bezier(0.8, 0, 1, 1);
    }
    100% {
      transform: rotate(360deg);
    }
  }

  @keyframes buzz {
    0% {
      transform: translateX(0) rotate(0deg);
      animation-timing-function: cubic-bezier(0.1, 0, 0.9, 1);
    }
    5% {
      transform: translateX(var(--buzz-distance, 4px)) rotate(0.5deg);
    }
    10% {
      transform: translateX(calc(-1 * var(--buzz-distance, 4px))) rotate(-0.5deg);
    }
    15% {
      transform: translateX(var(--buzz-distance, 4px)) rotate(0.3deg);
    }
    20% {
      transform: translateX(calc(-1 * var(--buzz-distance, 4px))) rotate(-0.3deg);
    }
    25% {
      transform: translateX(calc(var(--buzz-distance, 4px) * 0.7)) rotate(0.2deg);
    }
    30% {
      transform: translateX(calc(-1 * var(--buzz-distance, 4px) * 0.7)) rotate(-0.2deg);
    }
    35% {
      transform: translateX(calc(var(--buzz-distance, 4px) * 0.4)) rotate(0.1deg);
    }
    40% {
      transform: translateX(0) rotate(0deg);
    }
    100% {
      transform: translateX(0) rotate(0deg);
    }
  }

  @keyframes wag {
    0% {
      transform: rotate(0deg);
      animation-timing-function: cubic-bezier(0.2, 0, 0.6, 1);
    }
    12% {
      transform: rotate(var(--wag-angle, 12deg));
      animation-timing-function: cubic-bezier(0.4, 0, 0.2, 1);
    }
    24% {
      transform: rotate(2deg);
      animation-timing-function: cubic-bezier(0.2, 0, 0.6, 1);
    }
    36% {
      transform: rotate(calc(var(--wag-angle, 12deg) * 0.85));
      animation-timing-function: cubic-bezier(0.4, 0, 0.2, 1);
    }
    48% {
      transform: rotate(1deg);
      animation-timing-function: cubic-bezier(0.2, 0, 0.6, 1);
    }
    58% {
      transform: rotate(calc(var(--wag-angle, 12deg) * 0.6));
      animation-timing-function: cubic-bezier(0.4, 0, 0.2, 1);
    }
    68% {
      transform: rotate(0deg);
    }
    100% {
      transform: rotate(0deg);
    }
  }

  @keyframes float {
    0% {
      transform: translateY(0) translateX(0) rotate(0deg)
        scale(var(--float-squash-x, 1.02), var(--float-squash-y, 0.98));
      animation-timing-function: cubic-bezier(0.33, 0, 0.66, 0.33);
    }
    15% {
      transform: translateY(calc(-0.4 * var(--float-height, 6px))) translateX(var(--float-drift, 1px))
        rotate(var(--float-tilt, 1deg)) scale(1, 1);
      animation-timing-function: cubic-bezier(0.33, 0.66, 0.66, 1);
    }
    35% {
      transform: translateY(calc(-1 * var(--float-height, 6px))) translateX(0) rotate(0deg)
        scale(var(--float-stretch-x, 0.98), var(--float-stretch-y, 1.03));
      animation-timing-function: cubic-bezier(0.5, 0, 0.5, 0);
    }
    50% {
      transform: translateY(calc(-0.92 * var(--float-height, 6px))) translateX(calc(-0.5 * var(--float-drift, 1px)))
        rotate(calc(-0.5 * var(--float-tilt, 1deg))) scale(0.995, 1.01);
      animation-timing-function: cubic-bezier(0.33, 0, 0.66, 0.33);
    }
    70% {
      transform: translateY(calc(-0.3 * var(--float-height, 6px))) translateX(calc(-1 * var(--float-drift, 1px)))
        rotate(calc(-1 * var(--float-tilt, 1deg))) scale(1, 1);
      animation-timing-function: cubic-bezier(0.33, 0.66, 0.66, 1);
    }
    90% {
      transform: translateY(calc(0.05 * var(--float-height, 6px))) translateX(0) rotate(0deg)
        scale(var(--float-squash-x, 1.02), var(--float-squash-y, 0.98));
      animation-timing-function: cubic-bezier(0.33, 0, 0.66, 1);
    }
    100% {
      transform: translateY(0) translateX(0) rotate(0deg)
        scale(var(--float-squash-x, 1.02), var(--float-squash-y, 0.98));
    }
  }

  @keyframes swing {
    0% {
      transform: rotate(0deg);
      animation-timing-function: cubic-bezier(0.2, 0, 0.8, 1);
    }
    8% {
      transform: rotate(var(--swing-angle, 22deg));
      animation-timing-function: cubic-bezier(0.3, 0, 0.7, 1);
    }
    18% {
      transform: rotate(calc(-1 * var(--swing-angle, 22deg) * 0.85));
      animation-timing-function: cubic-bezier(0.3, 0, 0.7, 1);
    }
    28% {
      transform: rotate(calc(var(--swing-angle, 22deg) * 0.65));
      animation-timing-function: cubic-bezier(0.35, 0, 0.65, 1);
    }
    38% {
      transform: rotate(calc(-1 * var(--swing-angle, 22deg) * 0.45));
      animation-timing-function: cubic-bezier(0.4, 0, 0.6, 1);
    }
    48% {
      transform: rotate(calc(var(--swing-angle, 22deg) * 0.25));
      animation-timing-function: cubic-bezier(0.4, 0, 0.6, 1);
    }
    56% {
      transform: rotate(calc(-1 * var(--swing-angle, 22deg) * 0.1));
      animation-timing-function: cubic-bezier(0.4, 0, 0.6, 1);
    }
    64% {
      transform: rotate(0deg);
    }
    100% {
      transform: rotate(0deg);
    }
  }

  @keyframes jello {
    0% {
      transform: scale(1, 1);
      animation-timing-function: cubic-bezier(0.2, 0, 0.8, 1);
    }
    12% {
      transform: scale(var(--jello-scale-x, 1.15), calc(2 - var(--jello-scale-x, 1.15)));
      animation-timing-function: cubic-bezier(0.3, 0, 0.7, 1);
    }
    24% {
      transform: scale(calc(2 - var(--jello-scale-y, 1.12)), var(--jello-scale-y, 1.12));
      animation-timing-function: cubic-bezier(0.3, 0, 0.7, 1);
    }
    36% {
      transform: scale(
        calc(1 + (var(--jello-scale-x, 1.15) - 1) * 0.5),
        calc(2 - (1 + (var(--jello-scale-x, 1.15) - 1) * 0.5))
      );
      animation-timing-function: cubic-bezier(0.4, 0, 0.6, 1);
    }
    48% {
      transform: scale(
        calc(2 - (1 + (var(--jello-scale-y, 1.12) - 1) * 0.3)),
        calc(1 + (var(--jello-scale-y, 1.12) - 1) * 0.3)
      );
      animation-timing-function: cubic-bezier(0.4, 0, 0.6, 1);
    }
    58% {
      transform: scale(1.02, 0.98);
      animation-timing-function: cubic-bezier(0.4, 0, 0.2, 1);
    }
    68% {
      transform: scale(1, 1);
    }
    100% {
      transform: scale(1, 1);
    }
  }

  /* #endregion */
`;var On="",po="";function Wr(){return On.replace(/\/$/,"")}function Dn(t){po=t}function jr(){if(!po){let t=document.querySelector("[data-fa-kit-code]");t&&Dn(t.getAttribute("data-fa-kit-code")||"")}return po}var Xr="7.3.0";function Bn(t,e,i){let o="solid";return e==="chisel"&&(o="chisel-regular"),e==="etch"&&(o="etch-solid"),e==="graphite"&&(o="graphite-thin"),e==="jelly"&&(o="jelly-regular",i==="duo-regular"&&(o="jelly-duo-regular"),i==="fill-regular"&&(o="jelly-fill-regular")),e==="jelly-duo"&&(o="jelly-duo-regular"),e==="jelly-fill"&&(o="jelly-fill-regular"),e==="notdog"&&(i==="solid"&&(o="notdog-solid"),i==="duo-solid"&&(o="notdog-duo-solid")),e==="notdog-duo"&&(o="notdog-duo-solid"),e==="slab"&&((i==="solid"||i==="regular")&&(o="slab-regular"),i==="press-regular"&&(o="slab-press-regular")),e==="slab-press"&&(o="slab-press-regular"),e==="slab-duo"&&(o="slab-duo-regular"),e==="slab-press-duo"&&(o="slab-press-duo-regular"),e==="thumbprint"&&(o="thumbprint-light"),e==="utility"&&(o="utility-semibold"),e==="utility-duo"&&(o="utility-duo-semibold"),e==="utility-fill"&&(o="utility-fill-semibold"),e==="whiteboard"&&(o="whiteboard-semibold"),e==="mosaic"&&(o="mosaic-solid"),e==="pixel"&&(o="pixel-regular"),e==="vellum"&&(o="vellum-solid"),e==="classic"&&(i==="thin"&&(o="thin"),i==="light"&&(o="light"),i==="regular"&&(o="regular"),i==="solid"&&(o="solid")),e==="duotone"&&(i==="thin"&&(o="duotone-thin"),i==="light"&&(o="duotone-light"),i==="regular"&&(o="duotone-regular"),i==="solid"&&(o="duotone")),e==="sharp"&&(i==="thin"&&(o="sharp-thin"),i==="light"&&(o="sharp-light"),i==="regular"&&(o="sharp-regular"),i==="solid"&&(o="sharp-solid")),e==="sharp-duotone"&&(i==="thin"&&(o="sharp-duotone-thin"),i==="light"&&(o="sharp-duotone-light"),i==="regular"&&(o="sharp-duotone-regular"),i==="solid"&&(o="sharp-duotone-solid")),e==="brands"&&(o="brands"),o}function In(t,e,i){let o=Bn(t,e,i),r=Wr();if(r)return`${r}/${o}/${t}.svg`;let a=jr();return a.length>0?`https://ka-p.fontawesome.com/releases/v${Xr}/svgs/${o}/${t}.svg?token=${encodeURIComponent(a)}`:`https://ka-f.fontawesome.com/releases/v${Xr}/svgs/${o}/${t}.svg`}var Vn={name:"default",resolver:(t,e="classic",i="solid")=>In(t,e,i),mutator:(t,e)=>{if(t.hasAttribute("fill")||t.setAttribute("fill","currentColor"),e?.family&&!t.hasAttribute("data-duotone-initialized")){let{family:i,variant:o}=e;if(i==="duotone"||i==="sharp-duotone"||i==="notdog-duo"||i==="notdog"&&o==="duo-solid"||i==="jelly-duo"||i==="jelly"&&o==="duo-regular"||i==="utility-duo"||i==="slab-duo"||i==="slab-press-duo"||i==="thumbprint"){let r=[...t.querySelectorAll("path")],a=r.find(l=>!l.hasAttribute("opacity")),s=r.find(l=>l.hasAttribute("opacity"));if(!a||!s)return;if(a.setAttribute("data-duotone-primary",""),s.setAttribute("data-duotone-secondary",""),e.swapOpacity&&a&&s){let l=s.getAttribute("opacity")||"0.4";a.style.setProperty("--path-opacity",l),s.style.setProperty("--path-opacity","1")}t.setAttribute("data-duotone-initialized","")}}}},Kr=Vn;function Nn(t){return`data:image/svg+xml,${encodeURIComponent(t)}`}var mo={solid:{"arrow-down":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 384 512"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M169.4 502.6c12.5 12.5 32.8 12.5 45.3 0l160-160c12.5-12.5 12.5-32.8 0-45.3s-32.8-12.5-45.3 0L224 402.7 224 32c0-17.7-14.3-32-32-32s-32 14.3-32 32l0 370.7-105.4-105.4c-12.5-12.5-32.8-12.5-45.3 0s-12.5 32.8 0 45.3l160 160z"/></svg>',"arrow-up":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 384 512"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M214.6 9.4c-12.5-12.5-32.8-12.5-45.3 0l-160 160c-12.5 12.5-12.5 32.8 0 45.3s32.8 12.5 45.3 0L160 109.3 160 480c0 17.7 14.3 32 32 32s32-14.3 32-32l0-370.7 105.4 105.4c12.5 12.5 32.8 12.5 45.3 0s12.5-32.8 0-45.3l-160-160z"/></svg>',backward:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M236.3 107.1C247.9 96 265 92.9 279.7 99.2C294.4 105.5 304 120 304 136L304 272.3L476.3 107.2C487.9 96 505 92.9 519.7 99.2C534.4 105.5 544 120 544 136L544 504C544 520 534.4 534.5 519.7 540.8C505 547.1 487.9 544 476.3 532.9L304 367.7L304 504C304 520 294.4 534.5 279.7 540.8C265 547.1 247.9 544 236.3 532.9L44.3 348.9C36.5 341.3 32 330.9 32 320C32 309.1 36.5 298.7 44.3 291.1L236.3 107.1z"/></svg>',"backward-step":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M491 100.8C478.1 93.8 462.3 94.5 450 102.6L192 272.1L192 128C192 110.3 177.7 96 160 96C142.3 96 128 110.3 128 128L128 512C128 529.7 142.3 544 160 544C177.7 544 192 529.7 192 512L192 367.9L450 537.5C462.3 545.6 478 546.3 491 539.3C504 532.3 512 518.8 512 504.1L512 136.1C512 121.4 503.9 107.9 491 100.9z"/></svg>',bars:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 448 512"><!--! Font Awesome Free 7.3.1 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free (Icons: CC BY 4.0, Fonts: SIL OFL 1.1, Code: MIT License) Copyright 2026 Fonticons, Inc. --><path d="M0 96C0 78.3 14.3 64 32 64l384 0c17.7 0 32 14.3 32 32s-14.3 32-32 32L32 128C14.3 128 0 113.7 0 96zM0 256c0-17.7 14.3-32 32-32l384 0c17.7 0 32 14.3 32 32s-14.3 32-32 32L32 288c-17.7 0-32-14.3-32-32zM448 416c0 17.7-14.3 32-32 32L32 448c-17.7 0-32-14.3-32-32s14.3-32 32-32l384 0c17.7 0 32 14.3 32 32z"/></svg>',"angles-left":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M77.3 256 214.7 118.6c12.5-12.5 12.5-32.8 0-45.3s-32.8-12.5-45.3 0l-160 160c-12.5 12.5-12.5 32.8 0 45.3l160 160c12.5 12.5 32.8 12.5 45.3 0s12.5-32.8 0-45.3L77.3 256zm192 0L406.7 118.6c12.5-12.5 12.5-32.8 0-45.3s-32.8-12.5-45.3 0l-160 160c-12.5 12.5-12.5 32.8 0 45.3l160 160c12.5 12.5 32.8 12.5 45.3 0s12.5-32.8 0-45.3L269.3 256z"/></svg>',"angles-right":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M434.7 256 297.3 118.6c-12.5-12.5-12.5-32.8 0-45.3s32.8-12.5 45.3 0l160 160c12.5 12.5 12.5 32.8 0 45.3l-160 160c-12.5 12.5-32.8 12.5-45.3 0s-12.5-32.8 0-45.3L434.7 256zm-192 0L105.3 118.6c-12.5-12.5-12.5-32.8 0-45.3s32.8-12.5 45.3 0l160 160c12.5 12.5 12.5 32.8 0 45.3l-160 160c-12.5 12.5-32.8 12.5-45.3 0s-12.5-32.8 0-45.3L242.7 256z"/></svg>',check:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 448 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M434.8 70.1c14.3 10.4 17.5 30.4 7.1 44.7l-256 352c-5.5 7.6-14 12.3-23.4 13.1s-18.5-2.7-25.1-9.3l-128-128c-12.5-12.5-12.5-32.8 0-45.3s32.8-12.5 45.3 0l101.5 101.5 234-321.7c10.4-14.3 30.4-17.5 44.7-7.1z"/></svg>',"chevron-down":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 448 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M201.4 406.6c12.5 12.5 32.8 12.5 45.3 0l192-192c12.5-12.5 12.5-32.8 0-45.3s-32.8-12.5-45.3 0L224 338.7 54.6 169.4c-12.5-12.5-32.8-12.5-45.3 0s-12.5 32.8 0 45.3l192 192z"/></svg>',"chevron-left":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M9.4 233.4c-12.5 12.5-12.5 32.8 0 45.3l192 192c12.5 12.5 32.8 12.5 45.3 0s12.5-32.8 0-45.3L77.3 256 246.6 86.6c12.5-12.5 12.5-32.8 0-45.3s-32.8-12.5-45.3 0l-192 192z"/></svg>',"chevron-right":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M311.1 233.4c12.5 12.5 12.5 32.8 0 45.3l-192 192c-12.5 12.5-32.8 12.5-45.3 0s-12.5-32.8 0-45.3L243.2 256 73.9 86.6c-12.5-12.5-12.5-32.8 0-45.3s32.8-12.5 45.3 0l192 192z"/></svg>',circle:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M0 256a256 256 0 1 1 512 0 256 256 0 1 1 -512 0z"/></svg>',"closed-captioning":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M64 192C64 156.7 92.7 128 128 128L512 128C547.3 128 576 156.7 576 192L576 448C576 483.3 547.3 512 512 512L128 512C92.7 512 64 483.3 64 448L64 192zM216 272L248 272C252.4 272 256 275.6 256 280C256 293.3 266.7 304 280 304C293.3 304 304 293.3 304 280C304 249.1 278.9 224 248 224L216 224C185.1 224 160 249.1 160 280L160 360C160 390.9 185.1 416 216 416L248 416C278.9 416 304 390.9 304 360C304 346.7 293.3 336 280 336C266.7 336 256 346.7 256 360C256 364.4 252.4 368 248 368L216 368C211.6 368 208 364.4 208 360L208 280C208 275.6 211.6 272 216 272zM384 280C384 275.6 387.6 272 392 272L424 272C428.4 272 432 275.6 432 280C432 293.3 442.7 304 456 304C469.3 304 480 293.3 480 280C480 249.1 454.9 224 424 224L392 224C361.1 224 336 249.1 336 280L336 360C336 390.9 361.1 416 392 416L424 416C454.9 416 480 390.9 480 360C480 346.7 469.3 336 456 336C442.7 336 432 346.7 432 360C432 364.4 428.4 368 424 368L392 368C387.6 368 384 364.4 384 360L384 280z"/></svg>',"closed-captioning-slash":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M39 39.1C48.4 29.7 63.6 29.7 72.9 39.1L161.8 128L512 128C547.3 128 576 156.7 576 192L576 448C576 473.5 561.1 495.4 539.6 505.8L601 567.1C610.4 576.5 610.4 591.7 601 601C591.6 610.3 576.4 610.4 567.1 601L39 73.1C29.7 63.7 29.7 48.5 39 39.1zM384 350.1L384 279.9C384 275.5 387.6 271.9 392 271.9L424 271.9C428.4 271.9 432 275.5 432 279.9C432 293.2 442.7 303.9 456 303.9C469.3 303.9 480 293.2 480 279.9C480 249 454.9 223.9 424 223.9L392 223.9C361.1 223.9 336 249 336 279.9L336 302.1L384 350.1zM445.5 411.6C465.7 403.2 480 383.2 480 359.9C480 346.6 469.3 335.9 456 335.9C442.7 335.9 432 346.6 432 359.9C432 364.3 428.4 367.9 424 367.9L401.8 367.9L445.5 411.6zM162.3 264.1C160.8 269.1 160 274.5 160 280L160 360C160 390.9 185.1 416 216 416L248 416C266.1 416 282.1 407.5 292.4 394.2L410.2 512L128 512C92.7 512 64 483.3 64 448L64 192C64 184.2 65.4 176.7 68 169.8L162.3 264.1zM256.1 357.9C256 358.6 256 359.3 256 360C256 364.4 252.4 368 248 368L216 368C211.6 368 208 364.4 208 360L208 309.8L256.1 357.9z"/></svg>',compress:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 448 512"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M160 64c0-17.7-14.3-32-32-32S96 46.3 96 64l0 64-64 0c-17.7 0-32 14.3-32 32s14.3 32 32 32l96 0c17.7 0 32-14.3 32-32l0-96zM32 320c-17.7 0-32 14.3-32 32s14.3 32 32 32l64 0 0 64c0 17.7 14.3 32 32 32s32-14.3 32-32l0-96c0-17.7-14.3-32-32-32l-96 0zM352 64c0-17.7-14.3-32-32-32s-32 14.3-32 32l0 96c0 17.7 14.3 32 32 32l96 0c17.7 0 32-14.3 32-32s-14.3-32-32-32l-64 0 0-64zM320 320c-17.7 0-32 14.3-32 32l0 96c0 17.7 14.3 32 32 32s32-14.3 32-32l0-64 64 0c17.7 0 32-14.3 32-32s-14.3-32-32-32l-96 0z"/></svg>',ellipsis:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free v7.3.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M96 320C96 289.1 121.1 264 152 264C182.9 264 208 289.1 208 320C208 350.9 182.9 376 152 376C121.1 376 96 350.9 96 320zM264 320C264 289.1 289.1 264 320 264C350.9 264 376 289.1 376 320C376 350.9 350.9 376 320 376C289.1 376 264 350.9 264 320zM488 264C518.9 264 544 289.1 544 320C544 350.9 518.9 376 488 376C457.1 376 432 350.9 432 320C432 289.1 457.1 264 488 264z"/></svg>',"ellipsis-vertical":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M320 208C289.1 208 264 182.9 264 152C264 121.1 289.1 96 320 96C350.9 96 376 121.1 376 152C376 182.9 350.9 208 320 208zM320 432C350.9 432 376 457.1 376 488C376 518.9 350.9 544 320 544C289.1 544 264 518.9 264 488C264 457.1 289.1 432 320 432zM376 320C376 350.9 350.9 376 320 376C289.1 376 264 350.9 264 320C264 289.1 289.1 264 320 264C350.9 264 376 289.1 376 320z"/></svg>',expand:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M128 96C110.3 96 96 110.3 96 128L96 224C96 241.7 110.3 256 128 256C145.7 256 160 241.7 160 224L160 160L224 160C241.7 160 256 145.7 256 128C256 110.3 241.7 96 224 96L128 96zM160 416C160 398.3 145.7 384 128 384C110.3 384 96 398.3 96 416L96 512C96 529.7 110.3 544 128 544L224 544C241.7 544 256 529.7 256 512C256 494.3 241.7 480 224 480L160 480L160 416zM416 96C398.3 96 384 110.3 384 128C384 145.7 398.3 160 416 160L480 160L480 224C480 241.7 494.3 256 512 256C529.7 256 544 241.7 544 224L544 128C544 110.3 529.7 96 512 96L416 96zM544 416C544 398.3 529.7 384 512 384C494.3 384 480 398.3 480 416L480 480L416 480C398.3 480 384 494.3 384 512C384 529.7 398.3 544 416 544L512 544C529.7 544 544 529.7 544 512L544 416z"/></svg>',eyedropper:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M341.6 29.2l-101.6 101.6-9.4-9.4c-12.5-12.5-32.8-12.5-45.3 0s-12.5 32.8 0 45.3l160 160c12.5 12.5 32.8 12.5 45.3 0s12.5-32.8 0-45.3l-9.4-9.4 101.6-101.6c39-39 39-102.2 0-141.1s-102.2-39-141.1 0zM55.4 323.3c-15 15-23.4 35.4-23.4 56.6l0 42.4-26.6 39.9c-8.5 12.7-6.8 29.6 4 40.4s27.7 12.5 40.4 4l39.9-26.6 42.4 0c21.2 0 41.6-8.4 56.6-23.4l109.4-109.4-45.3-45.3-109.4 109.4c-3 3-7.1 4.7-11.3 4.7l-36.1 0 0-36.1c0-4.2 1.7-8.3 4.7-11.3l109.4-109.4-45.3-45.3-109.4 109.4z"/></svg>',filter:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M32 64C19.1 64 7.4 71.8 2.4 83.8S.2 109.5 9.4 118.6L192 301.3 192 416c0 8.5 3.4 16.6 9.4 22.6l64 64c9.2 9.2 22.9 11.9 34.9 6.9S320 492.9 320 480l0-178.7 182.6-182.6c9.2-9.2 11.9-22.9 6.9-34.9S492.9 64 480 64L32 64z"/></svg>',forward:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M403.7 107.1C392.1 96 375 92.9 360.3 99.2C345.6 105.5 336 120 336 136L336 272.3L163.7 107.2C152.1 96 135 92.9 120.3 99.2C105.6 105.5 96 120 96 136L96 504C96 520 105.6 534.5 120.3 540.8C135 547.1 152.1 544 163.7 532.9L336 367.7L336 504C336 520 345.6 534.5 360.3 540.8C375 547.1 392.1 544 403.7 532.9L595.7 348.9C603.6 341.4 608 330.9 608 320C608 309.1 603.5 298.7 595.7 291.1L403.7 107.1z"/></svg>',file:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free 7.1.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M192 64C156.7 64 128 92.7 128 128L128 512C128 547.3 156.7 576 192 576L448 576C483.3 576 512 547.3 512 512L512 234.5C512 217.5 505.3 201.2 493.3 189.2L386.7 82.7C374.7 70.7 358.5 64 341.5 64L192 64zM453.5 240L360 240C346.7 240 336 229.3 336 216L336 122.5L453.5 240z"/></svg>',"file-audio":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free 7.1.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M128 128C128 92.7 156.7 64 192 64L341.5 64C358.5 64 374.8 70.7 386.8 82.7L493.3 189.3C505.3 201.3 512 217.6 512 234.6L512 512C512 547.3 483.3 576 448 576L192 576C156.7 576 128 547.3 128 512L128 128zM336 122.5L336 216C336 229.3 346.7 240 360 240L453.5 240L336 122.5zM389.8 307.7C380.7 301.4 368.3 303.6 362 312.7C355.7 321.8 357.9 334.2 367 340.5C390.9 357.2 406.4 384.8 406.4 416C406.4 447.2 390.8 474.9 367 491.5C357.9 497.8 355.7 510.3 362 519.3C368.3 528.3 380.8 530.6 389.8 524.3C423.9 500.5 446.4 460.8 446.4 416C446.4 371.2 424 331.5 389.8 307.7zM208 376C199.2 376 192 383.2 192 392L192 440C192 448.8 199.2 456 208 456L232 456L259.2 490C262.2 493.8 266.8 496 271.7 496L272 496C280.8 496 288 488.8 288 480L288 352C288 343.2 280.8 336 272 336L271.7 336C266.8 336 262.2 338.2 259.2 342L232 376L208 376zM336 448.2C336 458.9 346.5 466.4 354.9 459.8C367.8 449.5 376 433.7 376 416C376 398.3 367.8 382.5 354.9 372.2C346.5 365.5 336 373.1 336 383.8L336 448.3z"/></svg>',"file-code":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free 7.1.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M128 128C128 92.7 156.7 64 192 64L341.5 64C358.5 64 374.8 70.7 386.8 82.7L493.3 189.3C505.3 201.3 512 217.6 512 234.6L512 512C512 547.3 483.3 576 448 576L192 576C156.7 576 128 547.3 128 512L128 128zM336 122.5L336 216C336 229.3 346.7 240 360 240L453.5 240L336 122.5zM282.2 359.6C290.8 349.5 289.7 334.4 279.6 325.8C269.5 317.2 254.4 318.3 245.8 328.4L197.8 384.4C190.1 393.4 190.1 406.6 197.8 415.6L245.8 471.6C254.4 481.7 269.6 482.8 279.6 474.2C289.6 465.6 290.8 450.4 282.2 440.4L247.6 400L282.2 359.6zM394.2 328.4C385.6 318.3 370.4 317.2 360.4 325.8C350.4 334.4 349.2 349.6 357.8 359.6L392.4 400L357.8 440.4C349.2 450.5 350.3 465.6 360.4 474.2C370.5 482.8 385.6 481.7 394.2 471.6L442.2 415.6C449.9 406.6 449.9 393.4 442.2 384.4L394.2 328.4z"/></svg>',"file-excel":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free 7.1.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M128 128C128 92.7 156.7 64 192 64L341.5 64C358.5 64 374.8 70.7 386.8 82.7L493.3 189.3C505.3 201.3 512 217.6 512 234.6L512 512C512 547.3 483.3 576 448 576L192 576C156.7 576 128 547.3 128 512L128 128zM336 122.5L336 216C336 229.3 346.7 240 360 240L453.5 240L336 122.5zM292 330.7C284.6 319.7 269.7 316.7 258.7 324C247.7 331.3 244.7 346.3 252 357.3L291.2 416L252 474.7C244.6 485.7 247.6 500.6 258.7 508C269.8 515.4 284.6 512.4 292 501.3L320 459.3L348 501.3C355.4 512.3 370.3 515.3 381.3 508C392.3 500.7 395.3 485.7 388 474.7L348.8 416L388 357.3C395.4 346.3 392.4 331.4 381.3 324C370.2 316.6 355.4 319.6 348 330.7L320 372.7L292 330.7z"/></svg>',"file-image":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free 7.1.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M128 128C128 92.7 156.7 64 192 64L341.5 64C358.5 64 374.8 70.7 386.8 82.7L493.3 189.3C505.3 201.3 512 217.6 512 234.6L512 512C512 547.3 483.3 576 448 576L192 576C156.7 576 128 547.3 128 512L128 128zM336 122.5L336 216C336 229.3 346.7 240 360 240L453.5 240L336 122.5zM256 320C256 302.3 241.7 288 224 288C206.3 288 192 302.3 192 320C192 337.7 206.3 352 224 352C241.7 352 256 337.7 256 320zM220.6 512L419.4 512C435.2 512 448 499.2 448 483.4C448 476.1 445.2 469 440.1 463.7L343.3 361.9C337.3 355.6 328.9 352 320.1 352L319.8 352C311 352 302.7 355.6 296.6 361.9L199.9 463.7C194.8 469 192 476.1 192 483.4C192 499.2 204.8 512 220.6 512z"/></svg>',"file-pdf":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free 7.1.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M128 64C92.7 64 64 92.7 64 128L64 512C64 547.3 92.7 576 128 576L208 576L208 464C208 428.7 236.7 400 272 400L448 400L448 234.5C448 217.5 441.3 201.2 429.3 189.2L322.7 82.7C310.7 70.7 294.5 64 277.5 64L128 64zM389.5 240L296 240C282.7 240 272 229.3 272 216L272 122.5L389.5 240zM272 444C261 444 252 453 252 464L252 592C252 603 261 612 272 612C283 612 292 603 292 592L292 564L304 564C337.1 564 364 537.1 364 504C364 470.9 337.1 444 304 444L272 444zM304 524L292 524L292 484L304 484C315 484 324 493 324 504C324 515 315 524 304 524zM400 444C389 444 380 453 380 464L380 592C380 603 389 612 400 612L432 612C460.7 612 484 588.7 484 560L484 496C484 467.3 460.7 444 432 444L400 444zM420 572L420 484L432 484C438.6 484 444 489.4 444 496L444 560C444 566.6 438.6 572 432 572L420 572zM508 464L508 592C508 603 517 612 528 612C539 612 548 603 548 592L548 548L576 548C587 548 596 539 596 528C596 517 587 508 576 508L548 508L548 484L576 484C587 484 596 475 596 464C596 453 587 444 576 444L528 444C517 444 508 453 508 464z"/></svg>',"file-powerpoint":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free 7.1.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M128 128C128 92.7 156.7 64 192 64L341.5 64C358.5 64 374.8 70.7 386.8 82.7L493.3 189.3C505.3 201.3 512 217.6 512 234.6L512 512C512 547.3 483.3 576 448 576L192 576C156.7 576 128 547.3 128 512L128 128zM336 122.5L336 216C336 229.3 346.7 240 360 240L453.5 240L336 122.5zM280 320C266.7 320 256 330.7 256 344L256 488C256 501.3 266.7 512 280 512C293.3 512 304 501.3 304 488L304 464L328 464C367.8 464 400 431.8 400 392C400 352.2 367.8 320 328 320L280 320zM328 416L304 416L304 368L328 368C341.3 368 352 378.7 352 392C352 405.3 341.3 416 328 416z"/></svg>',"file-video":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free 7.1.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M128 128C128 92.7 156.7 64 192 64L341.5 64C358.5 64 374.8 70.7 386.8 82.7L493.3 189.3C505.3 201.3 512 217.6 512 234.6L512 512C512 547.3 483.3 576 448 576L192 576C156.7 576 128 547.3 128 512L128 128zM336 122.5L336 216C336 229.3 346.7 240 360 240L453.5 240L336 122.5zM208 368L208 464C208 481.7 222.3 496 240 496L336 496C353.7 496 368 481.7 368 464L368 440L403 475C406.2 478.2 410.5 480 415 480C424.4 480 432 472.4 432 463L432 368.9C432 359.5 424.4 351.9 415 351.9C410.5 351.9 406.2 353.7 403 356.9L368 391.9L368 367.9C368 350.2 353.7 335.9 336 335.9L240 335.9C222.3 335.9 208 350.2 208 367.9z"/></svg>',"file-word":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free 7.1.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M128 128C128 92.7 156.7 64 192 64L341.5 64C358.5 64 374.8 70.7 386.8 82.7L493.3 189.3C505.3 201.3 512 217.6 512 234.6L512 512C512 547.3 483.3 576 448 576L192 576C156.7 576 128 547.3 128 512L128 128zM336 122.5L336 216C336 229.3 346.7 240 360 240L453.5 240L336 122.5zM263.4 338.8C260.5 325.9 247.7 317.7 234.8 320.6C221.9 323.5 213.7 336.3 216.6 349.2L248.6 493.2C250.9 503.7 260 511.4 270.8 512C281.6 512.6 291.4 505.9 294.8 495.6L320 419.9L345.2 495.6C348.6 505.8 358.4 512.5 369.2 512C380 511.5 389.1 503.8 391.4 493.2L423.4 349.2C426.3 336.3 418.1 323.4 405.2 320.6C392.3 317.8 379.4 325.9 376.6 338.8L363.4 398.2L342.8 336.4C339.5 326.6 330.4 320 320 320C309.6 320 300.5 326.6 297.2 336.4L276.6 398.2L263.4 338.8z"/></svg>',"file-zipper":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free 7.1.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M128 128C128 92.7 156.7 64 192 64L341.5 64C358.5 64 374.8 70.7 386.8 82.7L493.3 189.3C505.3 201.3 512 217.6 512 234.6L512 512C512 547.3 483.3 576 448 576L192 576C156.7 576 128 547.3 128 512L128 128zM336 122.5L336 216C336 229.3 346.7 240 360 240L453.5 240L336 122.5zM192 136C192 149.3 202.7 160 216 160L264 160C277.3 160 288 149.3 288 136C288 122.7 277.3 112 264 112L216 112C202.7 112 192 122.7 192 136zM192 232C192 245.3 202.7 256 216 256L264 256C277.3 256 288 245.3 288 232C288 218.7 277.3 208 264 208L216 208C202.7 208 192 218.7 192 232zM256 304L224 304C206.3 304 192 318.3 192 336L192 384C192 410.5 213.5 432 240 432C266.5 432 288 410.5 288 384L288 336C288 318.3 273.7 304 256 304zM240 368C248.8 368 256 375.2 256 384C256 392.8 248.8 400 240 400C231.2 400 224 392.8 224 384C224 375.2 231.2 368 240 368z"/></svg>',"forward-step":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 384 512"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M21 36.8c12.9-7 28.7-6.3 41 1.8L320 208.1 320 64c0-17.7 14.3-32 32-32s32 14.3 32 32l0 384c0 17.7-14.3 32-32 32s-32-14.3-32-32l0-144.1-258 169.6c-12.3 8.1-28 8.8-41 1.8S0 454.7 0 440L0 72C0 57.3 8.1 43.8 21 36.8z"/></svg>',gauge:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M0 256a256 256 0 1 1 512 0 256 256 0 1 1 -512 0zm320 96c0-26.9-16.5-49.9-40-59.3L280 120c0-13.3-10.7-24-24-24s-24 10.7-24 24l0 172.7c-23.5 9.5-40 32.5-40 59.3 0 35.3 28.7 64 64 64s64-28.7 64-64zM144 176a32 32 0 1 0 0-64 32 32 0 1 0 0 64zm-16 80a32 32 0 1 0 -64 0 32 32 0 1 0 64 0zm288 32a32 32 0 1 0 0-64 32 32 0 1 0 0 64zM400 144a32 32 0 1 0 -64 0 32 32 0 1 0 64 0z"/></svg>',gear:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M259.1 73.5C262.1 58.7 275.2 48 290.4 48L350.2 48C365.4 48 378.5 58.7 381.5 73.5L396 143.5C410.1 149.5 423.3 157.2 435.3 166.3L503.1 143.8C517.5 139 533.3 145 540.9 158.2L570.8 210C578.4 223.2 575.7 239.8 564.3 249.9L511 297.3C511.9 304.7 512.3 312.3 512.3 320C512.3 327.7 511.8 335.3 511 342.7L564.4 390.2C575.8 400.3 578.4 417 570.9 430.1L541 481.9C533.4 495 517.6 501.1 503.2 496.3L435.4 473.8C423.3 482.9 410.1 490.5 396.1 496.6L381.7 566.5C378.6 581.4 365.5 592 350.4 592L290.6 592C275.4 592 262.3 581.3 259.3 566.5L244.9 496.6C230.8 490.6 217.7 482.9 205.6 473.8L137.5 496.3C123.1 501.1 107.3 495.1 99.7 481.9L69.8 430.1C62.2 416.9 64.9 400.3 76.3 390.2L129.7 342.7C128.8 335.3 128.4 327.7 128.4 320C128.4 312.3 128.9 304.7 129.7 297.3L76.3 249.8C64.9 239.7 62.3 223 69.8 209.9L99.7 158.1C107.3 144.9 123.1 138.9 137.5 143.7L205.3 166.2C217.4 157.1 230.6 149.5 244.6 143.4L259.1 73.5zM320.3 400C364.5 399.8 400.2 363.9 400 319.7C399.8 275.5 363.9 239.8 319.7 240C275.5 240.2 239.8 276.1 240 320.3C240.2 364.5 276.1 400.2 320.3 400z"/></svg>',"grip-vertical":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M128 40c0-22.1-17.9-40-40-40L40 0C17.9 0 0 17.9 0 40L0 88c0 22.1 17.9 40 40 40l48 0c22.1 0 40-17.9 40-40l0-48zm0 192c0-22.1-17.9-40-40-40l-48 0c-22.1 0-40 17.9-40 40l0 48c0 22.1 17.9 40 40 40l48 0c22.1 0 40-17.9 40-40l0-48zM0 424l0 48c0 22.1 17.9 40 40 40l48 0c22.1 0 40-17.9 40-40l0-48c0-22.1-17.9-40-40-40l-48 0c-22.1 0-40 17.9-40 40zM320 40c0-22.1-17.9-40-40-40L232 0c-22.1 0-40 17.9-40 40l0 48c0 22.1 17.9 40 40 40l48 0c22.1 0 40-17.9 40-40l0-48zM192 232l0 48c0 22.1 17.9 40 40 40l48 0c22.1 0 40-17.9 40-40l0-48c0-22.1-17.9-40-40-40l-48 0c-22.1 0-40 17.9-40 40zM320 424c0-22.1-17.9-40-40-40l-48 0c-22.1 0-40 17.9-40 40l0 48c0 22.1 17.9 40 40 40l48 0c22.1 0 40-17.9 40-40l0-48z"/></svg>',indeterminate:'<svg part="indeterminate-icon" class="icon" viewBox="0 0 16 16"><g stroke="none" stroke-width="1" fill="none" fill-rule="evenodd" stroke-linecap="round"><g stroke="currentColor" stroke-width="2"><g transform="translate(2.285714 6.857143)"><path d="M10.2857143,1.14285714 L1.14285714,1.14285714"/></g></g></g></svg>',"magnifying-glass":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M416 208c0 45.9-14.9 88.3-40 122.7L502.6 457.4c12.5 12.5 12.5 32.8 0 45.3s-32.8 12.5-45.3 0L330.7 376C296.3 401.1 253.9 416 208 416 93.1 416 0 322.9 0 208S93.1 0 208 0 416 93.1 416 208zM208 352a144 144 0 1 0 0-288 144 144 0 1 0 0 288z"/></svg>',minus:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 448 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M0 256c0-17.7 14.3-32 32-32l384 0c17.7 0 32 14.3 32 32s-14.3 32-32 32L32 288c-17.7 0-32-14.3-32-32z"/></svg>',pause:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 384 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M48 32C21.5 32 0 53.5 0 80L0 432c0 26.5 21.5 48 48 48l64 0c26.5 0 48-21.5 48-48l0-352c0-26.5-21.5-48-48-48L48 32zm224 0c-26.5 0-48 21.5-48 48l0 352c0 26.5 21.5 48 48 48l64 0c26.5 0 48-21.5 48-48l0-352c0-26.5-21.5-48-48-48l-64 0z"/></svg>',"picture-in-picture":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M448 32c35.3 0 64 28.7 64 64l0 112-64 0 0-112-384 0 0 320 144 0 0 64-144 0-6.5-.3c-30.1-3.1-54.1-27-57.1-57.1L0 416 0 96C0 62.9 25.2 35.6 57.5 32.3L64 32 448 32zm16 224c26.5 0 48 21.5 48 48l0 128c0 26.5-21.5 48-48 48l-160 0c-26.5 0-48-21.5-48-48l0-128c0-26.5 21.5-48 48-48l160 0z"/></svg>',play:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 448 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M91.2 36.9c-12.4-6.8-27.4-6.5-39.6 .7S32 57.9 32 72l0 368c0 14.1 7.5 27.2 19.6 34.4s27.2 7.5 39.6 .7l336-184c12.8-7 20.8-20.5 20.8-35.1s-8-28.1-20.8-35.1l-336-184z"/></svg>',"play-circle":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M0 256a256 256 0 1 1 512 0 256 256 0 1 1 -512 0zM188.3 147.1c-7.6 4.2-12.3 12.3-12.3 20.9l0 176c0 8.7 4.7 16.7 12.3 20.9s16.8 4.1 24.3-.5l144-88c7.1-4.4 11.5-12.1 11.5-20.5s-4.4-16.1-11.5-20.5l-144-88c-7.4-4.5-16.7-4.7-24.3-.5z"/></svg>',plus:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free 7.1.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M352 128C352 110.3 337.7 96 320 96C302.3 96 288 110.3 288 128L288 288L128 288C110.3 288 96 302.3 96 320C96 337.7 110.3 352 128 352L288 352L288 512C288 529.7 302.3 544 320 544C337.7 544 352 529.7 352 512L352 352L512 352C529.7 352 544 337.7 544 320C544 302.3 529.7 288 512 288L352 288L352 128z"/></svg>',star:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 576 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M309.5-18.9c-4.1-8-12.4-13.1-21.4-13.1s-17.3 5.1-21.4 13.1L193.1 125.3 33.2 150.7c-8.9 1.4-16.3 7.7-19.1 16.3s-.5 18 5.8 24.4l114.4 114.5-25.2 159.9c-1.4 8.9 2.3 17.9 9.6 23.2s16.9 6.1 25 2L288.1 417.6 432.4 491c8 4.1 17.7 3.3 25-2s11-14.2 9.6-23.2L441.7 305.9 556.1 191.4c6.4-6.4 8.6-15.8 5.8-24.4s-10.1-14.9-19.1-16.3L383 125.3 309.5-18.9z"/></svg>',"table-columns":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 448 512"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M0 96C0 60.7 28.7 32 64 32l320 0c35.3 0 64 28.7 64 64l0 320c0 35.3-28.7 64-64 64L64 480c-35.3 0-64-28.7-64-64L0 96zm64 64l0 256 128 0 0-256-128 0zm320 0l-128 0 0 256 128 0 0-256z"/></svg>',thumbtack:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 384 512"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M32 32C32 14.3 46.3 0 64 0L320 0c17.7 0 32 14.3 32 32s-14.3 32-32 32l-29.5 0 10.3 134.1c37.1 21.2 65.8 56.4 78.2 99.7l3.8 13.4c2.8 9.7 .8 20-5.2 28.1S362 352 352 352L32 352c-10 0-19.5-4.7-25.5-12.7s-8-18.4-5.2-28.1L5 297.8c12.4-43.3 41-78.5 78.2-99.7L93.5 64 64 64C46.3 64 32 49.7 32 32zM160 400l64 0 0 112c0 17.7-14.3 32-32 32s-32-14.3-32-32l0-112z"/></svg>',"up-down":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M406.6 502.6l96-96c9.2-9.2 11.9-22.9 6.9-34.9S492.9 352 480 352l-64 0 0-320c0-17.7-14.3-32-32-32s-32 14.3-32 32l0 320-64 0c-12.9 0-24.6 7.8-29.6 19.8s-2.2 25.7 6.9 34.9l96 96c12.5 12.5 32.8 12.5 45.3 0zM150.6 9.4c-12.5-12.5-32.8-12.5-45.3 0l-96 96c-9.2 9.2-11.9 22.9-6.9 34.9S19.1 160 32 160l64 0 0 320c0 17.7 14.3 32 32 32s32-14.3 32-32l0-320 64 0c12.9 0 24.6-7.8 29.6-19.8s2.2-25.7-6.9-34.9l-96-96z"/></svg>',upload:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free 7.1.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M352 173.3L352 384C352 401.7 337.7 416 320 416C302.3 416 288 401.7 288 384L288 173.3L246.6 214.7C234.1 227.2 213.8 227.2 201.3 214.7C188.8 202.2 188.8 181.9 201.3 169.4L297.3 73.4C309.8 60.9 330.1 60.9 342.6 73.4L438.6 169.4C451.1 181.9 451.1 202.2 438.6 214.7C426.1 227.2 405.8 227.2 393.3 214.7L352 173.3zM320 464C364.2 464 400 428.2 400 384L480 384C515.3 384 544 412.7 544 448L544 480C544 515.3 515.3 544 480 544L160 544C124.7 544 96 515.3 96 480L96 448C96 412.7 124.7 384 160 384L240 384C240 428.2 275.8 464 320 464zM464 488C477.3 488 488 477.3 488 464C488 450.7 477.3 440 464 440C450.7 440 440 450.7 440 464C440 477.3 450.7 488 464 488z"/></svg>',user:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 448 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M224 248a120 120 0 1 0 0-240 120 120 0 1 0 0 240zm-29.7 56C95.8 304 16 383.8 16 482.3 16 498.7 29.3 512 45.7 512l356.6 0c16.4 0 29.7-13.3 29.7-29.7 0-98.5-79.8-178.3-178.3-178.3l-59.4 0z"/></svg>',volume:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M48 352l48 0 134.1 119.2c6.4 5.7 14.6 8.8 23.1 8.8 19.2 0 34.8-15.6 34.8-34.8l0-378.4c0-19.2-15.6-34.8-34.8-34.8-8.5 0-16.7 3.1-23.1 8.8L96 160 48 160c-26.5 0-48 21.5-48 48l0 96c0 26.5 21.5 48 48 48zM441.1 107c-10.3-8.4-25.4-6.8-33.8 3.5s-6.8 25.4 3.5 33.8C443.3 170.7 464 210.9 464 256s-20.7 85.3-53.2 111.8c-10.3 8.4-11.8 23.5-3.5 33.8s23.5 11.8 33.8 3.5c43.2-35.2 70.9-88.9 70.9-149s-27.7-113.8-70.9-149zm-60.5 74.5c-10.3-8.4-25.4-6.8-33.8 3.5s-6.8 25.4 3.5 33.8C361.1 227.6 368 241 368 256s-6.9 28.4-17.7 37.3c-10.3 8.4-11.8 23.5-3.5 33.8s23.5 11.8 33.8 3.5C402.1 312.9 416 286.1 416 256s-13.9-56.9-35.5-74.5z"/></svg>',"volume-low":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 448 512"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M48 352l48 0 134.1 119.2c6.4 5.7 14.6 8.8 23.1 8.8 19.2 0 34.8-15.6 34.8-34.8l0-378.4c0-19.2-15.6-34.8-34.8-34.8-8.5 0-16.7 3.1-23.1 8.8L96 160 48 160c-26.5 0-48 21.5-48 48l0 96c0 26.5 21.5 48 48 48zM380.6 181.5c-10.3-8.4-25.4-6.8-33.8 3.5s-6.8 25.4 3.5 33.8C361.1 227.6 368 241 368 256s-6.9 28.4-17.7 37.3c-10.3 8.4-11.8 23.5-3.5 33.8s23.5 11.8 33.8 3.5C402.1 312.9 416 286.1 416 256s-13.9-56.9-35.5-74.5z"/></svg>',"volume-xmark":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 576 512"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M48 352l48 0 134.1 119.2c6.4 5.7 14.6 8.8 23.1 8.8 19.2 0 34.8-15.6 34.8-34.8l0-378.4c0-19.2-15.6-34.8-34.8-34.8-8.5 0-16.7 3.1-23.1 8.8L96 160 48 160c-26.5 0-48 21.5-48 48l0 96c0 26.5 21.5 48 48 48zM367 175c-9.4 9.4-9.4 24.6 0 33.9l47 47-47 47c-9.4 9.4-9.4 24.6 0 33.9s24.6 9.4 33.9 0l47-47 47 47c9.4 9.4 24.6 9.4 33.9 0s9.4-24.6 0-33.9l-47-47 47-47c9.4-9.4 9.4-24.6 0-33.9s-24.6-9.4-33.9 0l-47 47-47-47c-9.4-9.4-24.6-9.4-33.9 0z"/></svg>',xmark:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 384 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M55.1 73.4c-12.5-12.5-32.8-12.5-45.3 0s-12.5 32.8 0 45.3L147.2 256 9.9 393.4c-12.5 12.5-12.5 32.8 0 45.3s32.8 12.5 45.3 0L192.5 301.3 329.9 438.6c12.5 12.5 32.8 12.5 45.3 0s12.5-32.8 0-45.3L237.8 256 375.1 118.6c12.5-12.5 12.5-32.8 0-45.3s-32.8-12.5-45.3 0L192.5 210.7 55.1 73.4z"/></svg>'},regular:{calendar:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M216 64C229.3 64 240 74.7 240 88L240 128L400 128L400 88C400 74.7 410.7 64 424 64C437.3 64 448 74.7 448 88L448 128L480 128C515.3 128 544 156.7 544 192L544 480C544 515.3 515.3 544 480 544L160 544C124.7 544 96 515.3 96 480L96 192C96 156.7 124.7 128 160 128L192 128L192 88C192 74.7 202.7 64 216 64zM216 176L160 176C151.2 176 144 183.2 144 192L144 240L496 240L496 192C496 183.2 488.8 176 480 176L216 176zM144 288L144 480C144 488.8 151.2 496 160 496L480 496C488.8 496 496 488.8 496 480L496 288L144 288z"/></svg>',"circle-question":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M464 256a208 208 0 1 0 -416 0 208 208 0 1 0 416 0zM0 256a256 256 0 1 1 512 0 256 256 0 1 1 -512 0zm256-80c-17.7 0-32 14.3-32 32 0 13.3-10.7 24-24 24s-24-10.7-24-24c0-44.2 35.8-80 80-80s80 35.8 80 80c0 47.2-36 67.2-56 74.5l0 3.8c0 13.3-10.7 24-24 24s-24-10.7-24-24l0-8.1c0-20.5 14.8-35.2 30.1-40.2 6.4-2.1 13.2-5.5 18.2-10.3 4.3-4.2 7.7-10 7.7-19.6 0-17.7-14.3-32-32-32zM224 368a32 32 0 1 1 64 0 32 32 0 1 1 -64 0z"/></svg>',"circle-xmark":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M256 48a208 208 0 1 1 0 416 208 208 0 1 1 0-416zm0 464a256 256 0 1 0 0-512 256 256 0 1 0 0 512zM167 167c-9.4 9.4-9.4 24.6 0 33.9l55 55-55 55c-9.4 9.4-9.4 24.6 0 33.9s24.6 9.4 33.9 0l55-55 55 55c9.4 9.4 24.6 9.4 33.9 0s9.4-24.6 0-33.9l-55-55 55-55c9.4-9.4 9.4-24.6 0-33.9s-24.6-9.4-33.9 0l-55 55-55-55c-9.4-9.4-24.6-9.4-33.9 0z"/></svg>',clock:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 640"><!--!Font Awesome Free v7.2.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2026 Fonticons, Inc.--><path d="M528 320C528 434.9 434.9 528 320 528C205.1 528 112 434.9 112 320C112 205.1 205.1 112 320 112C434.9 112 528 205.1 528 320zM64 320C64 461.4 178.6 576 320 576C461.4 576 576 461.4 576 320C576 178.6 461.4 64 320 64C178.6 64 64 178.6 64 320zM296 184L296 320C296 328 300 335.5 306.7 340L402.7 404C413.7 411.4 428.6 408.4 436 397.3C443.4 386.2 440.4 371.4 429.3 364L344 307.2L344 184C344 170.7 333.3 160 320 160C306.7 160 296 170.7 296 184z"/></svg>',copy:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 448 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M384 336l-192 0c-8.8 0-16-7.2-16-16l0-256c0-8.8 7.2-16 16-16l133.5 0c4.2 0 8.3 1.7 11.3 4.7l58.5 58.5c3 3 4.7 7.1 4.7 11.3L400 320c0 8.8-7.2 16-16 16zM192 384l192 0c35.3 0 64-28.7 64-64l0-197.5c0-17-6.7-33.3-18.7-45.3L370.7 18.7C358.7 6.7 342.5 0 325.5 0L192 0c-35.3 0-64 28.7-64 64l0 256c0 35.3 28.7 64 64 64zM64 128c-35.3 0-64 28.7-64 64L0 448c0 35.3 28.7 64 64 64l192 0c35.3 0 64-28.7 64-64l0-16-48 0 0 16c0 8.8-7.2 16-16 16L64 464c-8.8 0-16-7.2-16-16l0-256c0-8.8 7.2-16 16-16l16 0 0-48-16 0z"/></svg>',eye:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 576 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M288 80C222.8 80 169.2 109.6 128.1 147.7 89.6 183.5 63 226 49.4 256 63 286 89.6 328.5 128.1 364.3 169.2 402.4 222.8 432 288 432s118.8-29.6 159.9-67.7C486.4 328.5 513 286 526.6 256 513 226 486.4 183.5 447.9 147.7 406.8 109.6 353.2 80 288 80zM95.4 112.6C142.5 68.8 207.2 32 288 32s145.5 36.8 192.6 80.6c46.8 43.5 78.1 95.4 93 131.1 3.3 7.9 3.3 16.7 0 24.6-14.9 35.7-46.2 87.7-93 131.1-47.1 43.7-111.8 80.6-192.6 80.6S142.5 443.2 95.4 399.4c-46.8-43.5-78.1-95.4-93-131.1-3.3-7.9-3.3-16.7 0-24.6 14.9-35.7 46.2-87.7 93-131.1zM288 336c44.2 0 80-35.8 80-80 0-29.6-16.1-55.5-40-69.3-1.4 59.7-49.6 107.9-109.3 109.3 13.8 23.9 39.7 40 69.3 40zm-79.6-88.4c2.5 .3 5 .4 7.6 .4 35.3 0 64-28.7 64-64 0-2.6-.2-5.1-.4-7.6-37.4 3.9-67.2 33.7-71.1 71.1zm45.6-115c10.8-3 22.2-4.5 33.9-4.5 8.8 0 17.5 .9 25.8 2.6 .3 .1 .5 .1 .8 .2 57.9 12.2 101.4 63.7 101.4 125.2 0 70.7-57.3 128-128 128-61.6 0-113-43.5-125.2-101.4-1.8-8.6-2.8-17.5-2.8-26.6 0-11 1.4-21.8 4-32 .2-.7 .3-1.3 .5-1.9 11.9-43.4 46.1-77.6 89.5-89.5z"/></svg>',"eye-slash":'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 576 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M41-24.9c-9.4-9.4-24.6-9.4-33.9 0S-2.3-.3 7 9.1l528 528c9.4 9.4 24.6 9.4 33.9 0s9.4-24.6 0-33.9l-96.4-96.4c2.7-2.4 5.4-4.8 8-7.2 46.8-43.5 78.1-95.4 93-131.1 3.3-7.9 3.3-16.7 0-24.6-14.9-35.7-46.2-87.7-93-131.1-47.1-43.7-111.8-80.6-192.6-80.6-56.8 0-105.6 18.2-146 44.2L41-24.9zM176.9 111.1c32.1-18.9 69.2-31.1 111.1-31.1 65.2 0 118.8 29.6 159.9 67.7 38.5 35.7 65.1 78.3 78.6 108.3-13.6 30-40.2 72.5-78.6 108.3-3.1 2.8-6.2 5.6-9.4 8.4L393.8 328c14-20.5 22.2-45.3 22.2-72 0-70.7-57.3-128-128-128-26.7 0-51.5 8.2-72 22.2l-39.1-39.1zm182 182l-108-108c11.1-5.8 23.7-9.1 37.1-9.1 44.2 0 80 35.8 80 80 0 13.4-3.3 26-9.1 37.1zM103.4 173.2l-34-34c-32.6 36.8-55 75.8-66.9 104.5-3.3 7.9-3.3 16.7 0 24.6 14.9 35.7 46.2 87.7 93 131.1 47.1 43.7 111.8 80.6 192.6 80.6 37.3 0 71.2-7.9 101.5-20.6L352.2 422c-20 6.4-41.4 10-64.2 10-65.2 0-118.8-29.6-159.9-67.7-38.5-35.7-65.1-78.3-78.6-108.3 10.4-23.1 28.6-53.6 54-82.8z"/></svg>',star:'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 576 512"><!--! Font Awesome Free 7.0.0 by @fontawesome - https://fontawesome.com License - https://fontawesome.com/license/free Copyright 2025 Fonticons, Inc. --><path d="M288.1-32c9 0 17.3 5.1 21.4 13.1L383 125.3 542.9 150.7c8.9 1.4 16.3 7.7 19.1 16.3s.5 18-5.8 24.4L441.7 305.9 467 465.8c1.4 8.9-2.3 17.9-9.6 23.2s-17 6.1-25 2L288.1 417.6 143.8 491c-8 4.1-17.7 3.3-25-2s-11-14.2-9.6-23.2L134.4 305.9 20 191.4c-6.4-6.4-8.6-15.8-5.8-24.4s10.1-14.9 19.1-16.3l159.9-25.4 73.6-144.2c4.1-8 12.4-13.1 21.4-13.1zm0 76.8L230.3 158c-3.5 6.8-10 11.6-17.6 12.8l-125.5 20 89.8 89.9c5.4 5.4 7.9 13.1 6.7 20.7l-19.8 125.5 113.3-57.6c6.8-3.5 14.9-3.5 21.8 0l113.3 57.6-19.8-125.5c-1.2-7.6 1.3-15.3 6.7-20.7l89.8-89.9-125.5-20c-7.6-1.2-14.1-6-17.6-12.8L288.1 44.8z"/></svg>'}},qn={name:"system",resolver:(t,e="classic",i="solid")=>{let r=mo[i][t]??mo.regular[t]??mo.regular["circle-question"];return r?Nn(r):""},mutator:t=>{t.hasAttribute("fill")||t.setAttribute("fill","currentColor")}},Yr=qn;var Un="classic",Hn=[Kr,Yr],Gr=new Set;function Jr(t){Gr.add(t)}function Zr(t){Gr.delete(t)}function bi(t){return Hn.find(e=>e.name===t)}function Qr(){return Un}var{I:Wn}=ar,ta=t=>t;var ia=(t,e)=>e===void 0?t?._$litType$!==void 0:t?._$litType$===e;var yi=t=>t.strings===void 0,ea=()=>document.createComment(""),ue=(t,e,i)=>{let o=t._$AA.parentNode,r=e===void 0?t._$AB:e._$AA;if(i===void 0){let a=o.insertBefore(ea(),r),s=o.insertBefore(ea(),r);i=new Wn(a,s,t,t.options)}else{let a=i._$AB.nextSibling,s=i._$AM,l=s!==t;if(l){let c;i._$AQ?.(t),i._$AM=t,i._$AP!==void 0&&(c=t._$AU)!==s._$AU&&i._$AP(c)}if(a!==r||l){let c=i._$AA;for(;c!==a;){let h=ta(c).nextSibling;ta(o).insertBefore(c,r),c=h}}}return i},Ot=(t,e,i=t)=>(t._$AI(e,i),t),jn={},xi=(t,e=jn)=>t._$AH=e,oa=t=>t._$AH,Ci=t=>{t._$AR(),t._$AA.remove()};var Re=Symbol(),ki=Symbol(),fo,go=new Map,j=class extends q{constructor(){super(...arguments),this.svg=null,this.autoWidth=!1,this.swapOpacity=!1,this.label="",this.library="default",this.rotate=0,this.resolveIcon=async(t,e)=>{let i;if(e?.spriteSheet){this.hasUpdated||await this.updateComplete,this.svg=g`<svg part="svg">
        <use part="use" href="${t}"></use>
      </svg>`,await this.updateComplete;let o=this.shadowRoot.querySelector("[part='svg']");return typeof e.mutator=="function"&&e.mutator(o,this),this.svg}try{if(i=await fetch(t,{mode:"cors"}),!i.ok)return i.status===410?Re:ki}catch{return ki}try{let o=document.createElement("div");o.innerHTML=await i.text();let r=o.firstElementChild;if(r?.tagName?.toLowerCase()!=="svg")return Re;fo||(fo=new DOMParser);let s=fo.parseFromString(r.outerHTML,"text/html").body.querySelector("svg");return s?(s.part.add("svg"),document.adoptNode(s)):Re}catch{return Re}}}connectedCallback(){super.connectedCallback(),Jr(this)}firstUpdated(t){super.firstUpdated(t),this.hasAttribute("rotate")&&this.style.setProperty("--rotate-angle",`${this.rotate}deg`),this.setIcon()}disconnectedCallback(){super.disconnectedCallback(),Zr(this)}async getIconSource(){let t=bi(this.library),e=this.family||Qr();if(this.name&&t){let i=this.canvas==="auto"||this.autoWidth,o;try{o=await t.resolver(this.name,e,this.variant,i)}catch{o=void 0}return{url:o,fromLibrary:!0}}return{url:this.src,fromLibrary:!1}}handleLabelChange(){typeof this.label=="string"&&this.label.length>0?(this.setAttribute("role","img"),this.setAttribute("aria-label",this.label),this.removeAttribute("aria-hidden")):(this.removeAttribute("role"),this.removeAttribute("aria-label"),this.setAttribute("aria-hidden","true"))}async setIcon(){let{url:t,fromLibrary:e}=await this.getIconSource(),i=e?bi(this.library):void 0;if(!t){this.svg=null;return}let o=go.get(t);o||(o=this.resolveIcon(t,i),go.set(t,o));let r=await o;r===ki&&go.delete(t);let a=await this.getIconSource();if(t===a.url){if(ia(r)){this.svg=r;return}switch(r){case ki:case Re:this.svg=null,this.dispatchEvent(new he);break;default:this.svg=r.cloneNode(!0),i?.mutator?.(this.svg,this),this.dispatchEvent(new Ur)}}}willUpdate(t){return this.style||this.setStyleProperty("--rotate-angle",`${this.rotate}deg`),super.willUpdate(t)}updated(t){super.updated(t);let e=bi(this.library);this.hasAttribute("rotate")&&this.style.setProperty("--rotate-angle",`${this.rotate}deg`);let i=this.shadowRoot?.querySelector("svg");i&&e?.mutator?.(i,this)}render(){return this.hasUpdated?this.svg:g`<svg part="svg" width="16" height="16" viewBox="0 0 16 16"></svg>`}};j.css=Hr;n([H()],j.prototype,"svg",2);n([d({reflect:!0})],j.prototype,"name",2);n([d({reflect:!0})],j.prototype,"family",2);n([d({reflect:!0})],j.prototype,"variant",2);n([d({reflect:!0})],j.prototype,"canvas",2);n([d({attribute:"auto-width",type:Boolean,reflect:!0})],j.prototype,"autoWidth",2);n([d({attribute:"swap-opacity",type:Boolean,reflect:!0})],j.prototype,"swapOpacity",2);n([d()],j.prototype,"src",2);n([d()],j.prototype,"label",2);n([d({reflect:!0})],j.prototype,"library",2);n([d({type:Number,reflect:!0})],j.prototype,"rotate",2);n([d({type:String,reflect:!0})],j.prototype,"flip",2);n([d({type:String,reflect:!0})],j.prototype,"animation",2);n([A("label")],j.prototype,"handleLabelChange",1);n([A(["family","name","library","variant","src","autoWidth","canvas","swapOpacity"],{waitUntilFirstUpdate:!0})],j.prototype,"setIcon",1);j=n([F("wa-icon")],j);var Fe=(t,e)=>{let i=t._$AN;if(i===void 0)return!1;for(let o of i)o._$AO?.(e,!1),Fe(o,e);return!0},$i=t=>{let e,i;do{if((e=t._$AM)===void 0)break;i=e._$AN,i.delete(t),t=e}while(i?.size===0)},ra=t=>{for(let e;e=t._$AM;t=e){let i=e._$AN;if(i===void 0)e._$AN=i=new Set;else if(i.has(t))break;i.add(t),Yn(e)}};function Xn(t){this._$AN!==void 0?($i(this),this._$AM=t,ra(this)):this._$AM=t}function Kn(t,e=!1,i=0){let o=this._$AH,r=this._$AN;if(r!==void 0&&r.size!==0)if(e)if(Array.isArray(o))for(let a=i;a<o.length;a++)Fe(o[a],!1),$i(o[a]);else o!=null&&(Fe(o,!1),$i(o));else Fe(this,t)}var Yn=t=>{t.type==X.CHILD&&(t._$AP??=Kn,t._$AQ??=Xn)},Li=class extends tt{constructor(){super(...arguments),this._$AN=void 0}_$AT(e,i,o){super._$AT(e,i,o),ra(this),this.isConnected=e._$AU}_$AO(e,i=!0){e!==this.isConnected&&(this.isConnected=e,e?this.reconnected?.():this.disconnected?.()),i&&(Fe(this,e),$i(this))}setValue(e){if(yi(this._$Ct))this._$Ct._$AI(e,this);else{let i=[...this._$Ct._$AH];i[this._$Ci]=e,this._$Ct._$AI(i,this,0)}}disconnected(){}reconnected(){}};var wo=new WeakMap,Ai=ot(class extends Li{render(t){return b}update(t,[e]){let i=e!==this.G;return i&&this.rt(void 0),(i||this.lt!==this.ct)&&(this.G=e,this.ht=t.options?.host,this.rt(this.ct=t.element)),b}rt(t){if(this.G!==void 0)if(this.isConnected||(t=void 0),typeof this.G=="function"){let e=this.ht??globalThis,i=wo.get(e);i===void 0&&(i=new WeakMap,wo.set(e,i)),i.get(this.G)!==void 0&&this.G.call(this.ht,void 0),i.set(this.G,t),t!==void 0&&this.G.call(this.ht,t)}else this.G.value=t}get lt(){return typeof this.G=="function"?wo.get(this.ht??globalThis)?.get(this.G):this.G?.value}disconnected(){this.lt===this.ct&&this.rt(void 0)}reconnected(){this.rt(this.ct)}});async function aa(t){if(t.size>5e7)throw new Error("this picture has more than 50 MB; scale it down");let e=await createImageBitmap(t).catch(()=>{throw new Error(`${t.name||"this"} is no picture that this browser can read`)}),i=na(e,e.width,e.height);return e.close(),i}var sa=t=>na(t,t.videoWidth,t.videoHeight);function vo(t){return[...t?.files??[]].filter(e=>e.type.startsWith("image/"))}function na(t,e,i){let o=Math.min(1,224/Math.max(e,i)),r=document.createElement("canvas");r.width=Math.max(1,Math.round(e*o)),r.height=Math.max(1,Math.round(i*o));let a=r.getContext("2d");return a.imageSmoothingQuality="high",a.fillStyle="white",a.fillRect(0,0,r.width,r.height),a.drawImage(t,0,0,r.width,r.height),Math.max(r.width,r.height)<=96?r.toDataURL("image/png"):r.toDataURL("image/jpeg",.9)}async function la(t){if(navigator.mediaDevices?.getUserMedia){let i={video:{facingMode:"environment"}};return navigator.mediaDevices.getUserMedia(i).catch(o=>{throw new Error(Gn[o.name]??`the camera cannot be used (${o.name})`)})}let e=Object.assign(document.createElement("input"),{type:"file",accept:"image/*"});return e.setAttribute("capture","environment"),e.addEventListener("change",()=>t([...e.files])),e.click(),null}var Gn={NotAllowedError:"this browser lets no page here use the camera: its settings for the page say why",NotFoundError:"there is no camera here: choose a picture instead"};function ca(t,e){if(!t)return b;let i,o=r=>{r&&r.srcObject!==t&&(r.srcObject=t),i=r??i};return g`<wa-dialog label="Camera" open light-dismiss @wa-after-hide=${e.closeCamera}>
    <video autoplay playsinline muted ${Ai(o)}></video>
    <button
      slot="footer"
      class="button loud"
      @click=${()=>{i.videoWidth&&e.add({picture:sa(i)}),e.closeCamera()}}
    >
      Steer by this picture
    </button>
  </wa-dialog>`}var da=class extends Event{constructor(t){super("wa-copy",{bubbles:!0,cancelable:!1,composed:!0}),this.detail=t}};var bo=null,yo=null,Jn=7e3;function ha(t){let e=document.createElement("div");return e.setAttribute("role","log"),e.setAttribute("aria-live",t),e.setAttribute("aria-relevant","additions"),Object.assign(e.style,{position:"absolute",width:"1px",height:"1px",margin:"-1px",padding:"0",border:"0",overflow:"hidden",clip:"rect(0 0 0 0)",clipPath:"inset(50%)",whiteSpace:"nowrap"}),e}function Zn(t){return t==="assertive"?(yo??(yo=document.body.appendChild(ha("assertive"))),yo):(bo??(bo=document.body.appendChild(ha("polite"))),bo)}function ua(t,e="polite"){if(!t)return;let i=Zn(e),o=document.createElement("div");o.textContent=t,i.appendChild(o),setTimeout(()=>o.remove(),Jn)}var pa=$`
  :host {
    display: inline-block;
    color: var(--wa-color-neutral-on-quiet);
  }

  .copy-button__trigger {
    position: relative;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    background-color: transparent;
    border: none;
    border-radius: var(--wa-form-control-border-radius);
    color: inherit;
    font-size: inherit;
    height: calc(var(--wa-form-control-height) * 0.8);
    aspect-ratio: 1;
    cursor: pointer;
    transition-property: background-color, color;
    transition-duration: var(--wa-transition-fast);
    transition-timing-function: var(--wa-transition-easing);
  }

  @media (hover: hover) {
    .button:hover:not([disabled]) {
      background-color: var(--wa-color-neutral-fill-quiet);
      color: color-mix(in oklab, currentColor, var(--wa-color-mix-hover));
    }
  }

  .button:focus-visible:not([disabled]) {
    background-color: var(--wa-color-neutral-fill-quiet);
    color: color-mix(in oklab, currentColor, var(--wa-color-mix-hover));
  }

  .button:active:not([disabled]) {
    color: color-mix(in oklab, currentColor, var(--wa-color-mix-active));
  }

  .button:focus-visible {
    outline: var(--wa-focus-ring);
    outline-offset: var(--wa-focus-ring-offset);
  }

  .button[disabled] {
    opacity: 0.5;
    cursor: not-allowed !important;
  }

  slot {
    display: inline-flex;
  }

  /* Icon swap animation */
  .show {
    animation: copy-button-icon-show var(--wa-transition-fast) var(--wa-transition-easing);
  }

  .hide {
    animation: copy-button-icon-show var(--wa-transition-fast) var(--wa-transition-easing) reverse;
  }

  @keyframes copy-button-icon-show {
    from {
      scale: 0.25;
      opacity: 0.25;
    }
    to {
      scale: 1;
      opacity: 1;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .show,
    .hide {
      animation-duration: 1ms;
    }
  }
`;var ma=$`
  .wa-visually-hidden:not(:focus-within),
  .wa-visually-hidden-force,
  .wa-visually-hidden-hint::part(hint),
  .wa-visually-hidden-label::part(label),
  .wa-visually-hidden-label::part(form-control-label) {
    top: 0px !important;
    left: 0px !important;
    position: absolute !important;
    width: 1px !important;
    height: 1px !important;
    clip: rect(0 0 0 0) !important;
    clip-path: inset(50%) !important;
    border: none !important;
    overflow: hidden !important;
    white-space: nowrap !important;
    padding: 0 !important;
  }
`;var fa="useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict";var ga=(t=21)=>{let e="",i=crypto.getRandomValues(new Uint8Array(t|=0));for(;t--;)e+=fa[i[t]&63];return e};function G(t,e,i){let o=r=>Object.is(r,-0)?0:r;return t<e?o(e):t>i?o(i):o(t)}function pe(t=""){return`${t}${ga()}`}var wa="wa-internal-tooltip",xo="__waCopyButtonAssignedId",M=class extends q{constructor(){super(...arguments),this.localize=new Y(this),this.isCopying=!1,this.status="rest",this.hasCustomTrigger=!1,this.customTriggerEl=null,this.lightTooltip=null,this.feedbackTimeout=null,this.value="",this.from="",this.disabled=!1,this.copyLabel="",this.successLabel="",this.errorLabel="",this.feedbackDuration=1e3,this.tooltipPlacement="top",this.tooltip="full",this.handleDefaultSlotChange=()=>{let e=(this.defaultSlot?.assignedElements({flatten:!0})??[]).find(i=>i instanceof HTMLElement)??null;e!==this.customTriggerEl&&(this.releaseAssignedId(this.customTriggerEl),this.customTriggerEl=e),this.hasCustomTrigger=e!==null,e&&this.tooltip!=="none"?(e.id||(e.id=pe("wa-copy-button-trigger-"),e[xo]=!0),this.ensureLightTooltip()):this.removeLightTooltip()}}get activeTooltip(){return this.lightTooltip??this.shadowTooltip??null}get currentLabel(){return this.status==="success"?this.successLabel||this.localize.term("copied"):this.status==="error"?this.errorLabel||this.localize.term("error"):this.copyLabel||this.localize.term("copy")}firstUpdated(t){super.firstUpdated(t),this.didSSR?this.updateComplete.then(()=>{this.handleDefaultSlotChange()}):this.handleDefaultSlotChange()}disconnectedCallback(){super.disconnectedCallback(),this.removeLightTooltip()}handleStatusChange(){this.customStates.set("success",this.status==="success"),this.customStates.set("error",this.status==="error"),this.syncTooltipText(),(this.status==="success"||this.status==="error")&&ua(this.currentLabel,"polite")}handleLabelChange(){this.syncTooltipText()}handleTooltipOptionsChange(){this.lightTooltip&&(this.lightTooltip.placement=this.tooltipPlacement,this.lightTooltip.disabled=this.disabled)}handleTooltipModeChange(t){this.tooltip==="none"?this.removeLightTooltip():t==="none"?this.handleDefaultSlotChange():this.lightTooltip&&this.lightTooltip.setAttribute("trigger",this.tooltip==="copy"?"manual":"hover focus")}releaseAssignedId(t){t&&t[xo]&&(t.removeAttribute("id"),delete t[xo])}ensureLightTooltip(){if(!this.customTriggerEl)return;let t=this.tooltip==="copy"?"manual":"hover focus";if(this.lightTooltip)this.lightTooltip.setAttribute("for",this.customTriggerEl.id),this.lightTooltip.setAttribute("trigger",t),this.lightTooltip.placement=this.tooltipPlacement,this.lightTooltip.disabled=this.disabled,this.lightTooltip.textContent=this.currentLabel;else{let e=document.createElement("wa-tooltip");e.setAttribute("slot",wa),e.setAttribute("part","feedback"),e.setAttribute("trigger",t),e.dataset.copyButtonTooltip="",e.setAttribute("for",this.customTriggerEl.id),e.placement=this.tooltipPlacement,e.disabled=this.disabled,e.textContent=this.currentLabel,this.appendChild(e),this.lightTooltip=e}}removeLightTooltip(){this.lightTooltip&&(this.releaseAssignedId(this.customTriggerEl),this.lightTooltip.remove(),this.lightTooltip=null)}syncTooltipText(){this.lightTooltip&&(this.lightTooltip.textContent=this.currentLabel)}async handleCopy(){if(this.disabled||this.isCopying)return;this.isCopying=!0;let t=this.value;if(this.from){let e=this.getRootNode(),i=this.from.includes("."),o=this.from.includes("[")&&this.from.includes("]"),r=this.from,a="";i?[r,a]=this.from.trim().split("."):o&&([r,a]=this.from.trim().replace(/\]$/,"").split("["));let s="getElementById"in e?e.getElementById(r):null;s?o?t=s.getAttribute(a)||"":i?t=s[a]||"":t=s.textContent||"":(this.showStatus("error"),this.dispatchEvent(new he))}if(!t)this.showStatus("error"),this.dispatchEvent(new he);else try{await navigator.clipboard.writeText(t),this.showStatus("success"),this.dispatchEvent(new da({value:t}))}catch{this.showStatus("error"),this.dispatchEvent(new he)}}async showStatus(t){if(this.status=t,this.copyIcon){let o=t==="success"?this.successIcon:this.errorIcon;await it(this.copyIcon,"hide"),this.copyIcon.hidden=!0,o.hidden=!1,await it(o,"show")}await this.updateComplete;let e=this.tooltip==="none"?null:this.activeTooltip,i=null;e&&(e.show(),i=new Promise(o=>{e.addEventListener("wa-after-hide",()=>{this.feedbackTimeout!==null&&(clearTimeout(this.feedbackTimeout),this.feedbackTimeout=null),o()},{once:!0})}),this.feedbackTimeout=window.setTimeout(async()=>{this.feedbackTimeout=null,await e.hide()},this.feedbackDuration)),setTimeout(async()=>{if(i&&await i,this.copyIcon){let o=t==="success"?this.successIcon:this.errorIcon;await it(o,"hide"),o.hidden=!0,this.copyIcon.hidden=!1,await it(this.copyIcon,"show")}this.status="rest",this.isCopying=!1},this.feedbackDuration)}render(){let e=!this.hasCustomTrigger&&this.tooltip!=="none",i=this.tooltip==="copy"?"manual":"hover focus";return this.didSSR&&!this.hasUpdated&&(e=!1),g`
      <div class="copy-button__trigger" @click=${this.handleCopy}>
        <slot @slotchange=${this.handleDefaultSlotChange}></slot>
        <button
          class="button"
          part="button"
          type="button"
          id="copy-button"
          aria-label=${this.currentLabel}
          ?disabled=${this.disabled}
          ?hidden=${this.hasCustomTrigger}
        >
          <slot part="copy-icon" name="copy-icon">
            <wa-icon library="system" name="copy" variant="regular"></wa-icon>
          </slot>
          <slot part="success-icon" name="success-icon" variant="solid" hidden>
            <wa-icon library="system" name="check"></wa-icon>
          </slot>
          <slot part="error-icon" name="error-icon" variant="solid" hidden>
            <wa-icon library="system" name="xmark"></wa-icon>
          </slot>
        </button>

        ${e?g`
              <wa-tooltip
                part="feedback"
                for="copy-button"
                placement=${this.tooltipPlacement}
                trigger=${i}
                class=${P({"copy-button-tooltip":!0,"copy-button-tooltip-success":this.status==="success","copy-button-tooltip-error":this.status==="error"})}
                ?disabled=${this.disabled}
                >${this.currentLabel}</wa-tooltip
              >
            `:""}
        <slot name="${wa}"></slot>
      </div>
    `}};M.css=[ao,ma,pa];n([S('slot[name="copy-icon"]')],M.prototype,"copyIcon",2);n([S('slot[name="success-icon"]')],M.prototype,"successIcon",2);n([S('slot[name="error-icon"]')],M.prototype,"errorIcon",2);n([S("slot:not([name])")],M.prototype,"defaultSlot",2);n([S('wa-tooltip[part="feedback"]')],M.prototype,"shadowTooltip",2);n([H()],M.prototype,"isCopying",2);n([H()],M.prototype,"status",2);n([H()],M.prototype,"hasCustomTrigger",2);n([d()],M.prototype,"value",2);n([d()],M.prototype,"from",2);n([d({type:Boolean,reflect:!0})],M.prototype,"disabled",2);n([d({attribute:"copy-label"})],M.prototype,"copyLabel",2);n([d({attribute:"success-label"})],M.prototype,"successLabel",2);n([d({attribute:"error-label"})],M.prototype,"errorLabel",2);n([d({attribute:"feedback-duration",type:Number})],M.prototype,"feedbackDuration",2);n([d({attribute:"tooltip-placement",reflect:!0})],M.prototype,"tooltipPlacement",2);n([d({reflect:!0})],M.prototype,"tooltip",2);n([A("status")],M.prototype,"handleStatusChange",1);n([A(["copyLabel","successLabel","errorLabel"])],M.prototype,"handleLabelChange",1);n([A(["tooltipPlacement","disabled"],{waitUntilFirstUpdate:!0})],M.prototype,"handleTooltipOptionsChange",1);n([A("tooltip",{waitUntilFirstUpdate:!0})],M.prototype,"handleTooltipModeChange",1);M=n([F("wa-copy-button")],M);var va=$`
  :host {
    --max-width: 30ch;

    /** These styles are added so we don't interfere in the DOM. */
    display: inline-block;
    position: absolute;

    /** Defaults for inherited CSS properties */
    color: var(--wa-tooltip-content-color);
    font-size: var(--wa-tooltip-font-size);
    line-height: var(--wa-tooltip-line-height);
    text-align: start;
    white-space: normal;
  }

  .tooltip {
    --arrow-size: var(--wa-tooltip-arrow-size);
    --arrow-color: var(--wa-tooltip-background-color);
  }

  .tooltip::part(popup) {
    z-index: 1000;
  }

  .tooltip[placement^='top']::part(popup) {
    transform-origin: bottom;
  }

  .tooltip[placement^='bottom']::part(popup) {
    transform-origin: top;
  }

  .tooltip[placement^='left']::part(popup) {
    transform-origin: right;
  }

  .tooltip[placement^='right']::part(popup) {
    transform-origin: left;
  }

  .body {
    display: block;
    width: max-content;
    max-width: var(--max-width);
    border-radius: var(--wa-tooltip-border-radius);
    background-color: var(--wa-tooltip-background-color);
    border: var(--wa-tooltip-border-width) var(--wa-tooltip-border-style) var(--wa-tooltip-border-color);
    padding: 0.25em 0.5em;
    user-select: none;
    -webkit-user-select: none;
  }

  .tooltip {
    --popup-border-width: var(--wa-tooltip-border-width);

    /* Inset box-shadow, not a border: Safari seams a clip-path edge that runs along a border. */
    &::part(arrow) {
      box-shadow: inset calc(-1 * var(--wa-tooltip-border-width)) calc(-1 * var(--wa-tooltip-border-width)) 0 0
        var(--wa-tooltip-border-color);
    }
  }
`;var ba=class extends Event{constructor(){super("wa-reposition",{bubbles:!0,cancelable:!1,composed:!0})}};var ya=$`
  :host {
    --arrow-color: black;
    --arrow-size: var(--wa-tooltip-arrow-size);
    --popup-border-width: 0px;
    --show-duration: var(--wa-transition-fast);
    --hide-duration: var(--wa-transition-fast);

    /*
     * These properties are computed to account for the arrow's dimensions after being rotated 45º. The constant
     * 0.7071 is derived from sin(45) to calculate the length of the arrow after rotation.
     *
     * The diamond will be translated inward by --arrow-base-offset, the border thickness, to centralise it on
     * the inner edge of the popup border. This also means we need to increase the size of the arrow by the
     * same amount to compensate.
     *
     * A diamond shaped clipping mask is used to avoid overlap of popup content. This extends slightly inward so
     * the popup border is covered with no sub-pixel rounding artifacts. The diamond corners are mitred at 22.5º
     * to properly merge any arrow border with the popup border. The constant 1.4142 is derived from 1 + tan(22.5).
     *
     */
    --arrow-base-offset: var(--popup-border-width);
    --arrow-size-diagonal: calc((var(--arrow-size) + var(--arrow-base-offset)) * 0.7071);
    --arrow-padding-offset: calc(var(--arrow-size-diagonal) - var(--arrow-size));
    --arrow-size-div: calc(var(--arrow-size-diagonal) * 2);
    --arrow-clipping-corner: calc(var(--arrow-base-offset) * 1.4142);

    display: contents;
  }

  .popup {
    position: absolute;
    isolation: isolate;
    max-width: var(--auto-size-available-width, none);
    max-height: var(--auto-size-available-height, none);

    /* Clear UA styles for [popover] */
    :where(&) {
      inset: unset;
      padding: unset;
      margin: unset;
      width: unset;
      height: unset;
      color: unset;
      background: unset;
      border: unset;
      overflow: unset;
    }
  }

  .popup-fixed {
    position: fixed;
  }

  .popup:not(.popup-active) {
    display: none;
  }

  .arrow {
    position: absolute;
    width: var(--arrow-size-div);
    height: var(--arrow-size-div);
    background: var(--arrow-color);
    z-index: 3;
    clip-path: polygon(
      var(--arrow-clipping-corner) 100%,
      var(--arrow-base-offset) calc(100% - var(--arrow-base-offset)),
      calc(var(--arrow-base-offset) - 2px) calc(100% - var(--arrow-base-offset)),
      calc(100% - var(--arrow-base-offset)) calc(var(--arrow-base-offset) - 2px),
      calc(100% - var(--arrow-base-offset)) var(--arrow-base-offset),
      100% var(--arrow-clipping-corner),
      100% 100%
    );
    rotate: 45deg;
  }

  :host([data-current-placement|='left']) .arrow {
    rotate: -45deg;
  }

  :host([data-current-placement|='right']) .arrow {
    rotate: 135deg;
  }

  :host([data-current-placement|='bottom']) .arrow {
    rotate: 225deg;
  }

  /* Hover bridge */
  .popup-hover-bridge:not(.popup-hover-bridge-visible) {
    display: none;
  }

  .popup-hover-bridge {
    position: fixed;
    z-index: 899;
    top: 0;
    right: 0;
    bottom: 0;
    left: 0;
    clip-path: polygon(
      var(--hover-bridge-top-left-x, 0) var(--hover-bridge-top-left-y, 0),
      var(--hover-bridge-top-right-x, 0) var(--hover-bridge-top-right-y, 0),
      var(--hover-bridge-bottom-right-x, 0) var(--hover-bridge-bottom-right-y, 0),
      var(--hover-bridge-bottom-left-x, 0) var(--hover-bridge-bottom-left-y, 0)
    );
  }

  /* Built-in animations */
  .show {
    animation: show var(--show-duration) ease;
  }

  .hide {
    animation: show var(--hide-duration) ease reverse;
  }

  @keyframes show {
    from {
      opacity: 0;
    }
    to {
      opacity: 1;
    }
  }

  .show-with-scale {
    animation: show-with-scale var(--show-duration) ease;
  }

  .hide-with-scale {
    animation: show-with-scale var(--hide-duration) ease reverse;
  }

  @keyframes show-with-scale {
    from {
      opacity: 0;
      scale: 0.8;
    }
    to {
      opacity: 1;
      scale: 1;
    }
  }
`;var Ct=Math.min,pt=Math.max,Oe=Math.round,De=Math.floor,kt=t=>({x:t,y:t}),Qn={left:"right",right:"left",bottom:"top",top:"bottom"};function Co(t,e,i){return pt(t,Ct(e,i))}function Zt(t,e){return typeof t=="function"?t(e):t}function Dt(t){return t.split("-")[0]}function Qt(t){return t.split("-")[1]}function ko(t){return t==="x"?"y":"x"}function Ei(t){return t==="y"?"height":"width"}function $t(t){let e=t[0];return e==="t"||e==="b"?"y":"x"}function zi(t){return ko($t(t))}function ka(t,e,i){i===void 0&&(i=!1);let o=Qt(t),r=zi(t),a=Ei(r),s=r==="x"?o===(i?"end":"start")?"right":"left":o==="start"?"bottom":"top";return e.reference[a]>e.floating[a]&&(s=Pe(s)),[s,Pe(s)]}function $a(t){let e=Pe(t);return[Si(t),e,Si(e)]}function Si(t){return t.includes("start")?t.replace("start","end"):t.replace("end","start")}var xa=["left","right"],Ca=["right","left"],tl=["top","bottom"],el=["bottom","top"];function il(t,e,i){switch(t){case"top":case"bottom":return i?e?Ca:xa:e?xa:Ca;case"left":case"right":return e?tl:el;default:return[]}}function La(t,e,i,o){let r=Qt(t),a=il(Dt(t),i==="start",o);return r&&(a=a.map(s=>s+"-"+r),e&&(a=a.concat(a.map(Si)))),a}function Pe(t){let e=Dt(t);return Qn[e]+t.slice(e.length)}function ol(t){var e,i,o,r;return{top:(e=t.top)!=null?e:0,right:(i=t.right)!=null?i:0,bottom:(o=t.bottom)!=null?o:0,left:(r=t.left)!=null?r:0}}function $o(t){return typeof t!="number"?ol(t):{top:t,right:t,bottom:t,left:t}}function te(t){let{x:e,y:i,width:o,height:r}=t;return{width:o,height:r,top:i,left:e,right:e+o,bottom:i+r,x:e,y:i}}function Aa(t,e,i){let{reference:o,floating:r}=t,a=$t(e),s=zi(e),l=Ei(s),c=Dt(e),h=a==="y",m=o.x+o.width/2-r.width/2,u=o.y+o.height/2-r.height/2,f=o[l]/2-r[l]/2,p;switch(c){case"top":p={x:m,y:o.y-r.height};break;case"bottom":p={x:m,y:o.y+o.height};break;case"right":p={x:o.x+o.width,y:u};break;case"left":p={x:o.x-r.width,y:u};break;default:p={x:o.x,y:o.y}}let w=Qt(e);return w&&(p[s]+=f*(w==="end"?1:-1)*(i&&h?-1:1)),p}async function Sa(t,e){var i;e===void 0&&(e={});let{x:o,y:r,platform:a,rects:s,elements:l,strategy:c}=t,{boundary:h="clippingAncestors",rootBoundary:m="viewport",elementContext:u="floating",altBoundary:f=!1,padding:p=0}=Zt(e,t),w=$o(p),x=l[f?u==="floating"?"reference":"floating":u],y=te(await a.getClippingRect({element:(i=await(a.isElement==null?void 0:a.isElement(x)))==null||i?x:x.contextElement||await(a.getDocumentElement==null?void 0:a.getDocumentElement(l.floating)),boundary:h,rootBoundary:m,strategy:c})),_=u==="floating"?{x:o,y:r,width:s.floating.width,height:s.floating.height}:s.reference,T=await(a.getOffsetParent==null?void 0:a.getOffsetParent(l.floating)),R=await(a.isElement==null?void 0:a.isElement(T))&&await(a.getScale==null?void 0:a.getScale(T))||{x:1,y:1},Z=te(a.convertOffsetParentRelativeRectToViewportRelativeRect?await a.convertOffsetParentRelativeRectToViewportRelativeRect({elements:l,rect:_,offsetParent:T,strategy:c}):_);return{top:(y.top-Z.top+w.top)/R.y,bottom:(Z.bottom-y.bottom+w.bottom)/R.y,left:(y.left-Z.left+w.left)/R.x,right:(Z.right-y.right+w.right)/R.x}}var rl=50,Ea=async(t,e,i)=>{let{placement:o="bottom",strategy:r="absolute",middleware:a=[],platform:s}=i,l=s.detectOverflow?s:{...s,detectOverflow:Sa},c=await(s.isRTL==null?void 0:s.isRTL(e)),h=await s.getElementRects({reference:t,floating:e,strategy:r}),{x:m,y:u}=Aa(h,o,c),f=o,p=0,w={};for(let v=0;v<a.length;v++){let x=a[v];if(!x)continue;let{name:y,fn:_}=x,{x:T,y:R,data:Z,reset:D}=await _({x:m,y:u,initialPlacement:o,placement:f,strategy:r,middlewareData:w,rects:h,platform:l,elements:{reference:t,floating:e}});m=T??m,u=R??u,w[y]={...w[y],...Z},D&&p<rl&&(p++,typeof D=="object"&&(D.placement&&(f=D.placement),D.rects&&(h=D.rects===!0?await s.getElementRects({reference:t,floating:e,strategy:r}):D.rects),{x:m,y:u}=Aa(h,f,c)),v=-1)}return{x:m,y:u,placement:f,strategy:r,middlewareData:w}},za=t=>({name:"arrow",options:t,async fn(e){let{x:i,y:o,placement:r,rects:a,platform:s,elements:l,middlewareData:c}=e,{element:h,padding:m=0}=Zt(t,e)||{};if(h==null)return{};let u=$o(m),f={x:i,y:o},p=zi(r),w=Ei(p),v=await s.getDimensions(h),x=p==="y",y=x?"top":"left",_=x?"bottom":"right",T=x?"clientHeight":"clientWidth",R=a.reference[w]+a.reference[p]-f[p]-a.floating[w],Z=f[p]-a.reference[p],D=await(s.getOffsetParent==null?void 0:s.getOffsetParent(h)),Q=D?D[T]:0;(!Q||!await(s.isElement==null?void 0:s.isElement(D)))&&(Q=l.floating[T]||a.floating[w]);let ct=R/2-Z/2,wt=Q/2-v[w]/2-1,K=Ct(u[y],wt),be=Ct(u[_],wt),ye=Q-v[w]-be,vt=Q/2-v[w]/2+ct,dt=Co(K,vt,ye),qt=!c.arrow&&Qt(r)!=null&&vt!==dt&&a.reference[w]/2-(vt<K?K:be)-v[w]/2<0,St=qt?vt<K?vt-K:vt-ye:0;return{[p]:f[p]+St,data:{[p]:dt,centerOffset:vt-dt-St,...qt&&{alignmentOffset:St}},reset:qt}}});var _a=function(t){return t===void 0&&(t={}),{name:"flip",options:t,async fn(e){var i,o;let{placement:r,middlewareData:a,rects:s,initialPlacement:l,platform:c,elements:h}=e,{mainAxis:m=!0,crossAxis:u=!0,fallbackPlacements:f,fallbackStrategy:p="bestFit",fallbackAxisSideDirection:w="none",flipAlignment:v=!0,...x}=Zt(t,e);if((i=a.arrow)!=null&&i.alignmentOffset)return{};let y=Dt(r),_=$t(l),T=Dt(l)===l,R=await(c.isRTL==null?void 0:c.isRTL(h.floating)),Z=f||(T||!v?[Pe(l)]:$a(l)),D=w!=="none";!f&&D&&Z.push(...La(l,v,w,R));let Q=[l,...Z],ct=await c.detectOverflow(e,x),wt=[],K=((o=a.flip)==null?void 0:o.overflows)||[];if(m&&wt.push(ct[y]),u){let dt=ka(r,s,R);wt.push(ct[dt[0]],ct[dt[1]])}if(K=[...K,{placement:r,overflows:wt}],!wt.every(dt=>dt<=0)){var be,ye;let dt=(((be=a.flip)==null?void 0:be.index)||0)+1,qt=Q[dt];if(qt&&(!(u==="alignment"?_!==$t(qt):!1)||K.every(ht=>$t(ht.placement)===_?ht.overflows[0]>0:!0)))return{data:{index:dt,overflows:K},reset:{placement:qt}};let St=(ye=K.filter(Ut=>Ut.overflows[0]<=0).sort((Ut,ht)=>Ut.overflows[1]-ht.overflows[1])[0])==null?void 0:ye.placement;if(!St)switch(p){case"bestFit":{var vt;let Ut=(vt=K.filter(ht=>{if(D){let Ft=$t(ht.placement);return Ft===_||Ft==="y"}return!0}).map(ht=>[ht.placement,ht.overflows.filter(Ft=>Ft>0).reduce((Ft,tn)=>Ft+tn,0)]).sort((ht,Ft)=>ht[1]-Ft[1])[0])==null?void 0:vt[0];Ut&&(St=Ut);break}case"initialPlacement":St=l;break}if(r!==St)return{reset:{placement:St}}}return{}}}};var al=new Set(["left","top"]);async function sl(t,e){let{placement:i,platform:o,elements:r}=t,a=await(o.isRTL==null?void 0:o.isRTL(r.floating)),s=Dt(i),l=Qt(i),c=$t(i)==="y",h=al.has(s)?-1:1,m=a&&c?-1:1,u=Zt(e,t),{mainAxis:f,crossAxis:p,alignmentAxis:w}=typeof u=="number"?{mainAxis:u,crossAxis:0,alignmentAxis:null}:{mainAxis:u.mainAxis||0,crossAxis:u.crossAxis||0,alignmentAxis:u.alignmentAxis};return l&&typeof w=="number"&&(p=l==="end"?w*-1:w),c?{x:p*m,y:f*h}:{x:f*h,y:p*m}}var Ta=function(t){return t===void 0&&(t=0),{name:"offset",options:t,async fn(e){var i,o;let{x:r,y:a,placement:s,middlewareData:l}=e,c=await sl(e,t);return s===((i=l.offset)==null?void 0:i.placement)&&(o=l.arrow)!=null&&o.alignmentOffset?{}:{x:r+c.x,y:a+c.y,data:{...c,placement:s}}}}},Ma=function(t){return t===void 0&&(t={}),{name:"shift",options:t,async fn(e){let{x:i,y:o,placement:r,platform:a}=e,{mainAxis:s=!0,crossAxis:l=!1,limiter:c={fn:_=>{let{x:T,y:R}=_;return{x:T,y:R}}},...h}=Zt(t,e),m={x:i,y:o},u=await a.detectOverflow(e,h),f=$t(r),p=ko(f),w=m[p],v=m[f],x=(_,T)=>Co(T+u[_==="y"?"top":"left"],T,T-u[_==="y"?"bottom":"right"]);s&&(w=x(p,w)),l&&(v=x(f,v));let y=c.fn({...e,[p]:w,[f]:v});return{...y,data:{x:y.x-i,y:y.y-o,enabled:{[p]:s,[f]:l}}}}}};var Ra=function(t){return t===void 0&&(t={}),{name:"size",options:t,async fn(e){let{placement:i,rects:o,platform:r,elements:a}=e,{apply:s=()=>{},...l}=Zt(t,e),c=await r.detectOverflow(e,l),h=Dt(i),m=Qt(i),u=$t(i)==="y",{width:f,height:p}=o.floating,w,v;h==="top"||h==="bottom"?(w=h,v=m===(await(r.isRTL==null?void 0:r.isRTL(a.floating))?"start":"end")?"left":"right"):(v=h,w=m==="end"?"top":"bottom");let x=p-c.top-c.bottom,y=f-c.left-c.right,_=Ct(p-c[w],x),T=Ct(f-c[v],y),R=e.middlewareData.shift,Z=!R,D=_,Q=T;R!=null&&R.enabled.x&&(Q=y),R!=null&&R.enabled.y&&(D=x),Z&&!m&&(u?Q=f-2*pt(c.left,c.right):D=p-2*pt(c.top,c.bottom)),await s({...e,availableWidth:Q,availableHeight:D});let ct=await r.getDimensions(a.floating);return f!==ct.width||p!==ct.height?{reset:{rects:!0}}:{}}}};function _i(){return typeof window<"u"}function ie(t){return Pa(t)?(t.nodeName||"").toLowerCase():"#document"}function J(t){var e;return(t==null||(e=t.ownerDocument)==null?void 0:e.defaultView)||window}function Lt(t){var e;return(e=(Pa(t)?t.ownerDocument:t.document)||window.document)==null?void 0:e.documentElement}function Pa(t){return _i()?t instanceof Node||t instanceof J(t).Node:!1}function mt(t){return _i()?t instanceof Element||t instanceof J(t).Element:!1}function Mt(t){return _i()?t instanceof HTMLElement||t instanceof J(t).HTMLElement:!1}function Fa(t){return!_i()||typeof ShadowRoot>"u"?!1:t instanceof ShadowRoot||t instanceof J(t).ShadowRoot}function Be(t){let{overflow:e,overflowX:i,overflowY:o,display:r}=ft(t);return/auto|scroll|overlay|hidden|clip/.test(e+o+i)&&r!=="inline"&&r!=="contents"}function Oa(t){return/^(table|td|th)$/.test(ie(t))}function Ie(t){try{if(t.matches(":popover-open"))return!0}catch{}try{return t.matches(":modal")}catch{return!1}}var nl=/transform|translate|scale|rotate|perspective|filter/,ll=/paint|layout|strict|content/,ee=t=>!!t&&t!=="none",Lo;function me(t){let e=mt(t)?ft(t):t;return ee(e.transform)||ee(e.translate)||ee(e.scale)||ee(e.rotate)||ee(e.perspective)||!Ti()&&(ee(e.backdropFilter)||ee(e.filter))||nl.test(e.willChange||"")||ll.test(e.contain||"")}function Da(t){let e=Bt(t);for(;Mt(e)&&!fe(e);){if(me(e))return e;if(Ie(e))return null;e=Bt(e)}return null}function Ti(){return Lo==null&&(Lo=typeof CSS<"u"&&CSS.supports&&CSS.supports("-webkit-backdrop-filter","none")),Lo}function fe(t){return/^(html|body|#document)$/.test(ie(t))}function ft(t){return J(t).getComputedStyle(t)}function Ve(t){return mt(t)?{scrollLeft:t.scrollLeft,scrollTop:t.scrollTop}:{scrollLeft:t.scrollX,scrollTop:t.scrollY}}function Bt(t){if(ie(t)==="html")return t;let e=t.assignedSlot||t.parentNode||Fa(t)&&t.host||Lt(t);return Fa(e)?e.host:e}function Ba(t){let e=Bt(t);return fe(e)?(t.ownerDocument||t).body:Mt(e)&&Be(e)?e:Ba(e)}function Tt(t,e,i){var o;e===void 0&&(e=[]),i===void 0&&(i=!0);let r=Ba(t),a=r===((o=t.ownerDocument)==null?void 0:o.body),s=J(r);if(a){let l=Mi(s);return e.concat(s,s.visualViewport||[],Be(r)?r:[],l&&i?Tt(l):[])}else return e.concat(r,Tt(r,[],i))}function Mi(t){return t.parent&&Object.getPrototypeOf(t.parent)?t.frameElement:null}function Na(t){let e=ft(t),i=parseFloat(e.width)||0,o=parseFloat(e.height)||0,r=Mt(t),a=r?t.offsetWidth:i,s=r?t.offsetHeight:o,l=Oe(i)!==a||Oe(o)!==s;return l&&(i=a,o=s),{width:i,height:o,$:l}}function So(t){return mt(t)?t:t.contextElement}function ge(t){let e=So(t);if(!Mt(e))return kt(1);let i=e.getBoundingClientRect(),{width:o,height:r,$:a}=Na(e),s=(a?Oe(i.width):i.width)/o,l=(a?Oe(i.height):i.height)/r;return(!s||!Number.isFinite(s))&&(s=1),(!l||!Number.isFinite(l))&&(l=1),{x:s,y:l}}var cl=kt(0);function qa(t){let e=J(t);return!Ti()||!e.visualViewport?cl:{x:e.visualViewport.offsetLeft,y:e.visualViewport.offsetTop}}function dl(t,e,i){return e===void 0&&(e=!1),!!i&&e&&i===J(t)}function oe(t,e,i,o){e===void 0&&(e=!1),i===void 0&&(i=!1);let r=t.getBoundingClientRect(),a=So(t),s=kt(1);e&&(o?mt(o)&&(s=ge(o)):s=ge(t));let l=dl(a,i,o)?qa(a):kt(0),c=(r.left+l.x)/s.x,h=(r.top+l.y)/s.y,m=r.width/s.x,u=r.height/s.y;if(a&&o){let f=J(a),p=mt(o)?J(o):o,w=f,v=Mi(w);for(;v&&p!==w;){let x=ge(v),y=v.getBoundingClientRect(),_=ft(v),T=y.left+(v.clientLeft+parseFloat(_.paddingLeft))*x.x,R=y.top+(v.clientTop+parseFloat(_.paddingTop))*x.y;c*=x.x,h*=x.y,m*=x.x,u*=x.y,c+=T,h+=R,w=J(v),v=Mi(w)}}return te({width:m,height:u,x:c,y:h})}function Ri(t,e){let i=Ve(t).scrollLeft;return e?e.left+i:oe(Lt(t)).left+i}function Ua(t,e){let i=t.getBoundingClientRect(),o=i.left+e.scrollLeft-Ri(t,i),r=i.top+e.scrollTop;return{x:o,y:r}}function hl(t){let{elements:e,rect:i,offsetParent:o,strategy:r}=t,a=r==="fixed",s=Lt(o),l=e?Ie(e.floating):!1;if(o===s||l&&a)return i;let c={scrollLeft:0,scrollTop:0},h=kt(1),m=kt(0),u=Mt(o);if((u||!a)&&((ie(o)!=="body"||Be(s))&&(c=Ve(o)),u)){let p=oe(o);h=ge(o),m.x=p.x+o.clientLeft,m.y=p.y+o.clientTop}let f=s&&!u&&!a?Ua(s,c):kt(0);return{width:i.width*h.x,height:i.height*h.y,x:i.x*h.x-c.scrollLeft*h.x+m.x+f.x,y:i.y*h.y-c.scrollTop*h.y+m.y+f.y}}function ul(t){return t.getClientRects?Array.from(t.getClientRects()):[]}function pl(t){let e=Ve(t),i=t.ownerDocument.body,o=pt(t.scrollWidth,t.clientWidth,i.scrollWidth,i.clientWidth),r=pt(t.scrollHeight,t.clientHeight,i.scrollHeight,i.clientHeight),a=-e.scrollLeft+Ri(t),s=-e.scrollTop;return ft(i).direction==="rtl"&&(a+=pt(t.clientWidth,i.clientWidth)-o),{width:o,height:r,x:a,y:s}}var ml=25;function fl(t,e,i){i===void 0&&(i="viewport");let o=i==="layoutViewport",r=J(t),a=Lt(t),s=r.visualViewport,l=a.clientWidth,c=a.clientHeight,h=0,m=0;if(s){let f=!Ti()||e==="fixed";o?f||(h=-s.offsetLeft,m=-s.offsetTop):(l=s.width,c=s.height,f&&(h=s.offsetLeft,m=s.offsetTop))}if(Ri(a)<=0){let f=a.ownerDocument,p=f.body,w=getComputedStyle(p),v=f.compatMode==="CSS1Compat"&&parseFloat(w.marginLeft)+parseFloat(w.marginRight)||0,x=Math.abs(a.clientWidth-p.clientWidth-v),y=getComputedStyle(a).scrollbarGutter==="stable both-edges"?x/2:x;y<=ml&&(l-=y)}return{width:l,height:c,x:h,y:m}}function gl(t,e){let i=oe(t,!0,e==="fixed"),o=i.top+t.clientTop,r=i.left+t.clientLeft,a=ge(t),s=t.clientWidth*a.x,l=t.clientHeight*a.y,c=r*a.x,h=o*a.y;return{width:s,height:l,x:c,y:h}}function Ia(t,e,i){let o;if(e==="viewport"||e==="layoutViewport")o=fl(t,i,e);else if(e==="document")o=pl(Lt(t));else if(mt(e))o=gl(e,i);else{let r=qa(t);o={x:e.x-r.x,y:e.y-r.y,width:e.width,height:e.height}}return te(o)}function wl(t,e){let i=e.get(t);if(i)return i;let o=Tt(t,[],!1).filter(l=>mt(l)&&ie(l)!=="body"),r=null,a=ft(t).position==="fixed",s=a?Bt(t):t;for(;mt(s)&&!fe(s);){let l=ft(s),c=me(s),h=r?r.position:a?"fixed":"";!c&&(h==="fixed"||h==="absolute"&&l.position==="static")?o=o.filter(u=>u!==s):r=l,s=Bt(s)}return e.set(t,o),o}function vl(t){let{element:e,boundary:i,rootBoundary:o,strategy:r}=t,s=[...i==="clippingAncestors"?Ie(e)?[]:wl(e,this._c):[].concat(i),o],l=Ia(e,s[0],r),c=l.top,h=l.right,m=l.bottom,u=l.left;for(let f=1;f<s.length;f++){let p=Ia(e,s[f],r);c=pt(p.top,c),h=Ct(p.right,h),m=Ct(p.bottom,m),u=pt(p.left,u)}return{width:h-u,height:m-c,x:u,y:c}}function bl(t){let{width:e,height:i}=Na(t);return{width:e,height:i}}function yl(t,e,i){let o=Mt(e),r=Lt(e),a=i==="fixed",s=oe(t,!0,a,e),l={scrollLeft:0,scrollTop:0},c=kt(0);if((o||!a)&&((ie(e)!=="body"||Be(r))&&(l=Ve(e)),o)){let f=oe(e,!0,a,e);c.x=f.x+e.clientLeft,c.y=f.y+e.clientTop}!o&&r&&(c.x=Ri(r));let h=r&&!o&&!a?Ua(r,l):kt(0),m=s.left+l.scrollLeft-c.x-h.x,u=s.top+l.scrollTop-c.y-h.y;return{x:m,y:u,width:s.width,height:s.height}}function Ao(t){return ft(t).position==="static"}function Va(t,e){if(!Mt(t)||ft(t).position==="fixed")return null;if(e)return e(t);let i=t.offsetParent;return Lt(t)===i&&(i=i.ownerDocument.body),i}function Ha(t,e){let i=J(t);if(Ie(t))return i;if(!Mt(t)){let r=Bt(t);for(;r&&!fe(r);){if(mt(r)&&!Ao(r))return r;r=Bt(r)}return i}let o=Va(t,e);for(;o&&Oa(o)&&Ao(o);)o=Va(o,e);return o&&fe(o)&&Ao(o)&&!me(o)?i:o||Da(t)||i}var xl=async function(t){let e=this.getOffsetParent||Ha,i=this.getDimensions,o=await i(t.floating);return{reference:yl(t.reference,await e(t.floating),t.strategy),floating:{x:0,y:0,width:o.width,height:o.height}}};function Cl(t){return ft(t).direction==="rtl"}var Ne={convertOffsetParentRelativeRectToViewportRelativeRect:hl,getDocumentElement:Lt,getClippingRect:vl,getOffsetParent:Ha,getElementRects:xl,getClientRects:ul,getDimensions:bl,getScale:ge,isElement:mt,isRTL:Cl};function Wa(t,e){return t.x===e.x&&t.y===e.y&&t.width===e.width&&t.height===e.height}function kl(t,e,i){let o=null,r,a=Lt(t);function s(){var m;clearTimeout(r),(m=o)==null||m.disconnect(),o=null}function l(m,u){m===void 0&&(m=!1),u===void 0&&(u=1),s();let f=t.getBoundingClientRect(),{left:p,top:w,width:v,height:x}=f;if(m||e(),!v||!x)return;let y=De(w),_=De(a.clientWidth-(p+v)),T=De(a.clientHeight-(w+x)),R=De(p),D={rootMargin:-y+"px "+-_+"px "+-T+"px "+-R+"px",threshold:pt(0,Ct(1,u))||1},Q=!0;function ct(wt){let K=wt[0].intersectionRatio;if(!Wa(f,t.getBoundingClientRect()))return l();if(K!==u){if(!Q)return l();K?l(!1,K):r=setTimeout(()=>{l(!1,1e-7)},1e3)}Q=!1}try{o=new IntersectionObserver(ct,{...D,root:a.ownerDocument})}catch{o=new IntersectionObserver(ct,D)}o.observe(t)}let c=J(t),h=()=>l(i);return c.addEventListener("resize",h),l(!0),()=>{c.removeEventListener("resize",h),s()}}function ja(t,e,i,o){o===void 0&&(o={});let{ancestorScroll:r=!0,ancestorResize:a=!0,elementResize:s=typeof ResizeObserver=="function",layoutShift:l=typeof IntersectionObserver=="function",animationFrame:c=!1}=o,h=So(t),m=r||a?[...h?Tt(h):[],...e?Tt(e):[]]:[];m.forEach(y=>{r&&y.addEventListener("scroll",i),a&&y.addEventListener("resize",i)});let u=h&&l?kl(h,i,a):null,f=-1,p=null;s&&(p=new ResizeObserver(y=>{let[_]=y;_&&_.target===h&&p&&e&&(p.unobserve(e),cancelAnimationFrame(f),f=requestAnimationFrame(()=>{var T;(T=p)==null||T.observe(e)})),i()}),h&&!c&&p.observe(h),e&&p.observe(e));let w,v=c?oe(t):null;c&&x();function x(){let y=oe(t);v&&!Wa(v,y)&&i(),v=y,w=requestAnimationFrame(x)}return i(),()=>{var y;m.forEach(_=>{r&&_.removeEventListener("scroll",i),a&&_.removeEventListener("resize",i)}),u?.(),(y=p)==null||y.disconnect(),p=null,c&&cancelAnimationFrame(w)}}var Xa=Ta;var Ka=Ma,Ya=_a,Eo=Ra;var Ga=za;var Ja=(t,e,i)=>{let o=new Map,r=i??{},a={...Ne,...r.platform,_c:o};return Ea(t,e,{...r,platform:a})};function Za(t){return $l(t)}function zo(t){return t.assignedSlot?t.assignedSlot:t.parentNode instanceof ShadowRoot?t.parentNode.host:t.parentNode}function $l(t){for(let e=t;e;e=zo(e))if(e instanceof Element&&getComputedStyle(e).display==="none")return null;for(let e=zo(t);e;e=zo(e)){if(!(e instanceof Element))continue;let i=getComputedStyle(e);if(i.display!=="contents"&&(i.position!=="static"||me(i)||e.tagName==="BODY"))return e}return null}function Qa(t){return t!==null&&typeof t=="object"&&"getBoundingClientRect"in t&&("contextElement"in t?t instanceof Element:!0)}var Ll=!!globalThis?.HTMLElement?.prototype.hasOwnProperty("popover"),E=class extends q{constructor(){super(...arguments),this.localize=new Y(this),this.SUPPORTS_POPOVER=!1,this.active=!1,this.placement="top",this.boundary="viewport",this.distance=0,this.skidding=0,this.arrow=!1,this.arrowPlacement="anchor",this.arrowPadding=10,this.flip=!1,this.flipFallbackPlacements="",this.flipFallbackStrategy="best-fit",this.flipPadding=0,this.shift=!1,this.shiftPadding=0,this.autoSizePadding=0,this.hoverBridge=!1,this.updateHoverBridge=()=>{if(this.hoverBridge&&this.anchorEl&&this.popup){let t=this.anchorEl.getBoundingClientRect(),e=this.popup.getBoundingClientRect(),i=this.placement.includes("top")||this.placement.includes("bottom"),o=0,r=0,a=0,s=0,l=0,c=0,h=0,m=0;i?t.top<e.top?(o=t.left,r=t.bottom,a=t.right,s=t.bottom,l=e.left,c=e.top,h=e.right,m=e.top):(o=e.left,r=e.bottom,a=e.right,s=e.bottom,l=t.left,c=t.top,h=t.right,m=t.top):t.left<e.left?(o=t.right,r=t.top,a=e.left,s=e.top,l=t.right,c=t.bottom,h=e.left,m=e.bottom):(o=e.right,r=e.top,a=t.left,s=t.top,l=e.right,c=e.bottom,h=t.left,m=t.bottom),this.style.setProperty("--hover-bridge-top-left-x",`${o}px`),this.style.setProperty("--hover-bridge-top-left-y",`${r}px`),this.style.setProperty("--hover-bridge-top-right-x",`${a}px`),this.style.setProperty("--hover-bridge-top-right-y",`${s}px`),this.style.setProperty("--hover-bridge-bottom-left-x",`${l}px`),this.style.setProperty("--hover-bridge-bottom-left-y",`${c}px`),this.style.setProperty("--hover-bridge-bottom-right-x",`${h}px`),this.style.setProperty("--hover-bridge-bottom-right-y",`${m}px`)}}}async connectedCallback(){super.connectedCallback(),await this.updateComplete,this.SUPPORTS_POPOVER=Ll,this.start()}disconnectedCallback(){super.disconnectedCallback(),this.stop()}async updated(t){super.updated(t),t.has("active")&&(this.active?this.start():this.stop()),t.has("anchor")&&this.handleAnchorChange(),this.active&&(await this.updateComplete,this.reposition())}async handleAnchorChange(){if(await this.stop(),this.anchor&&typeof this.anchor=="string"){let t=this.getRootNode();this.anchorEl=t.getElementById(this.anchor)}else this.anchor instanceof Element||Qa(this.anchor)?this.anchorEl=this.anchor:this.anchorEl=this.querySelector('[slot="anchor"]');this.anchorEl instanceof HTMLSlotElement&&(this.anchorEl=this.anchorEl.assignedElements({flatten:!0})[0]),this.anchorEl&&this.start()}start(){!this.anchorEl||!this.active||!this.isConnected||(this.popup?.showPopover?.(),this.cleanup=ja(this.anchorEl,this.popup,()=>{this.reposition()}))}async stop(){return new Promise(t=>{this.popup?.hidePopover?.(),this.cleanup?(this.cleanup(),this.cleanup=void 0,this.removeAttribute("data-current-placement"),this.style.removeProperty("--auto-size-available-width"),this.style.removeProperty("--auto-size-available-height"),requestAnimationFrame(()=>t())):t()})}reposition(){if(!this.active||!this.anchorEl||!this.popup)return;let t=[Xa({mainAxis:this.distance,crossAxis:this.skidding})];this.sync?t.push(Eo({apply:({rects:o})=>{let r=this.sync==="width"||this.sync==="both",a=this.sync==="height"||this.sync==="both";this.popup.style.width=r?`${o.reference.width}px`:"",this.popup.style.height=a?`${o.reference.height}px`:""}})):(this.popup.style.width="",this.popup.style.height="");let e;this.SUPPORTS_POPOVER&&!Qa(this.anchor)&&this.boundary==="scroll"&&(e=Tt(this.anchorEl).filter(o=>o instanceof Element)),this.flip&&t.push(Ya({boundary:this.flipBoundary||e,fallbackPlacements:this.flipFallbackPlacements,fallbackStrategy:this.flipFallbackStrategy==="best-fit"?"bestFit":"initialPlacement",padding:this.flipPadding})),this.shift&&t.push(Ka({boundary:this.shiftBoundary||e,padding:this.shiftPadding})),this.autoSize?t.push(Eo({boundary:this.autoSizeBoundary||e,padding:this.autoSizePadding,apply:({availableWidth:o,availableHeight:r})=>{this.autoSize==="vertical"||this.autoSize==="both"?this.style.setProperty("--auto-size-available-height",`${r}px`):this.style.removeProperty("--auto-size-available-height"),this.autoSize==="horizontal"||this.autoSize==="both"?this.style.setProperty("--auto-size-available-width",`${o}px`):this.style.removeProperty("--auto-size-available-width")}})):(this.style.removeProperty("--auto-size-available-width"),this.style.removeProperty("--auto-size-available-height")),this.arrow&&t.push(Ga({element:this.arrowEl,padding:this.arrowPadding}));let i=this.SUPPORTS_POPOVER?o=>Ne.getOffsetParent(o,Za):Ne.getOffsetParent;Ja(this.anchorEl,this.popup,{placement:this.placement,middleware:t,strategy:this.SUPPORTS_POPOVER?"absolute":"fixed",platform:{...Ne,getOffsetParent:i}}).then(({x:o,y:r,middlewareData:a,placement:s})=>{let l=this.localize.dir()==="rtl",c={top:"bottom",right:"left",bottom:"top",left:"right"}[s.split("-")[0]];if(this.setAttribute("data-current-placement",s),Object.assign(this.popup.style,{left:`${o}px`,top:`${r}px`}),this.arrow){let h=a.arrow.x,m=a.arrow.y,u="",f="",p="",w="";if(this.arrowPlacement==="start"){let v=typeof h=="number"?`calc(${this.arrowPadding}px - var(--arrow-padding-offset))`:"";u=typeof m=="number"?`calc(${this.arrowPadding}px - var(--arrow-padding-offset))`:"",f=l?v:"",w=l?"":v}else if(this.arrowPlacement==="end"){let v=typeof h=="number"?`calc(${this.arrowPadding}px - var(--arrow-padding-offset))`:"";f=l?"":v,w=l?v:"",p=typeof m=="number"?`calc(${this.arrowPadding}px - var(--arrow-padding-offset))`:""}else this.arrowPlacement==="center"?(w=typeof h=="number"?"calc(50% - var(--arrow-size-diagonal))":"",u=typeof m=="number"?"calc(50% - var(--arrow-size-diagonal))":""):(w=typeof h=="number"?`${h}px`:"",u=typeof m=="number"?`${m}px`:"");Object.assign(this.arrowEl.style,{top:u,right:f,bottom:p,left:w,[c]:"calc(var(--arrow-base-offset) - var(--arrow-size-diagonal))"})}}),requestAnimationFrame(()=>this.updateHoverBridge()),this.dispatchEvent(new ba)}render(){return g`
      <slot name="anchor" @slotchange=${this.handleAnchorChange}></slot>

      <span
        part="hover-bridge"
        class=${P({"popup-hover-bridge":!0,"popup-hover-bridge-visible":this.hoverBridge&&this.active})}
      ></span>

      <div
        popover="manual"
        part="popup"
        class=${P({popup:!0,"popup-active":this.active,"popup-fixed":!this.SUPPORTS_POPOVER,"popup-has-arrow":this.arrow})}
      >
        <slot></slot>
        ${this.arrow?g`<div part="arrow" class="arrow" role="presentation"></div>`:""}
      </div>
    `}};E.css=ya;n([S(".popup")],E.prototype,"popup",2);n([S(".arrow")],E.prototype,"arrowEl",2);n([d({attribute:!1,type:Boolean})],E.prototype,"SUPPORTS_POPOVER",2);n([d()],E.prototype,"anchor",2);n([d({type:Boolean,reflect:!0})],E.prototype,"active",2);n([d({reflect:!0})],E.prototype,"placement",2);n([d()],E.prototype,"boundary",2);n([d({type:Number})],E.prototype,"distance",2);n([d({type:Number})],E.prototype,"skidding",2);n([d({type:Boolean})],E.prototype,"arrow",2);n([d({attribute:"arrow-placement"})],E.prototype,"arrowPlacement",2);n([d({attribute:"arrow-padding",type:Number})],E.prototype,"arrowPadding",2);n([d({type:Boolean})],E.prototype,"flip",2);n([d({attribute:"flip-fallback-placements",converter:{fromAttribute:t=>t.split(" ").map(e=>e.trim()).filter(e=>e!==""),toAttribute:t=>t.join(" ")}})],E.prototype,"flipFallbackPlacements",2);n([d({attribute:"flip-fallback-strategy"})],E.prototype,"flipFallbackStrategy",2);n([d({type:Object})],E.prototype,"flipBoundary",2);n([d({attribute:"flip-padding",type:Number})],E.prototype,"flipPadding",2);n([d({type:Boolean})],E.prototype,"shift",2);n([d({type:Object})],E.prototype,"shiftBoundary",2);n([d({attribute:"shift-padding",type:Number})],E.prototype,"shiftPadding",2);n([d({attribute:"auto-size"})],E.prototype,"autoSize",2);n([d()],E.prototype,"sync",2);n([d({type:Object})],E.prototype,"autoSizeBoundary",2);n([d({attribute:"auto-size-padding",type:Number})],E.prototype,"autoSizePadding",2);n([d({attribute:"hover-bridge",type:Boolean})],E.prototype,"hoverBridge",2);E=n([F("wa-popup")],E);function _o(t,e){return new Promise(i=>{function o(r){r.target===t&&(t.removeEventListener(e,o),i())}t.addEventListener(e,o)})}function ts(t,e){for(;e;){if(e===t)return!0;e instanceof Element&&e.assignedSlot?e=e.assignedSlot:e.parentNode?e=e.parentNode:e instanceof ShadowRoot?e=e.host:e=null}return!1}var O=class extends q{constructor(){super(...arguments),this.dismissedByPress=!1,this.placement="top",this.disabled=!1,this.distance=8,this.open=!1,this.skidding=0,this.showDelay=150,this.hideDelay=0,this.trigger="hover focus",this.withoutArrow=!1,this.for=null,this.anchor=null,this.eventController=new AbortController,this.handleBlur=()=>{this.dismissedByPress=!1,this.hasTrigger("focus")&&this.hide()},this.handleClick=()=>{if(this.hasTrigger("click")){this.open?this.hide():this.show();return}this.hasTrigger("manual")||this.lightDismiss()},this.handleFocus=()=>{this.dismissedByPress||this.hasTrigger("focus")&&this.show()},this.handleMouseDown=()=>{this.hasTrigger("click")||this.hasTrigger("manual")||this.lightDismiss()},this.handleDocumentKeyDown=t=>{this.hasTrigger("manual")||t.key==="Escape"&&this.open&&Te(this)&&(t.preventDefault(),t.stopPropagation(),this.hide())},this.handleDocumentClick=t=>{this.hasTrigger("manual")||this.anchor&&t.composedPath().includes(this.anchor)||this.hide()},this.handleMouseOver=()=>{this.dismissedByPress||this.hasTrigger("hover")&&(clearTimeout(this.hoverTimeout),this.hoverTimeout=window.setTimeout(()=>this.show(),this.showDelay))},this.handleMouseOut=t=>{let e=t.relatedTarget,i=!!(e&&this.anchor&&ts(this.anchor,e)),o=!!(e&&ts(this,e));i||o||(this.dismissedByPress=!1,this.hasTrigger("hover")&&(clearTimeout(this.hoverTimeout),this.hoverTimeout=window.setTimeout(()=>{this.hide()},this.hideDelay)))}}connectedCallback(){super.connectedCallback(),typeof document<"u"&&(this.eventController.signal.aborted&&(this.eventController=new AbortController),this.addEventListener("mouseout",this.handleMouseOut),this.dismissedByPress=!1,this.open&&(this.open=!1,this.updateComplete.then(()=>{this.open=!0})),this.id||(this.id=pe("wa-tooltip-")),this.for&&this.anchor?(this.anchor=null,this.handleForChange()):this.for&&this.handleForChange())}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener("keydown",this.handleDocumentKeyDown),document.removeEventListener("click",this.handleDocumentClick),ce(this),this.eventController.abort(),this.anchor&&this.removeFromAriaLabelledBy(this.anchor,this.id)}firstUpdated(t){this.body.hidden=!this.open,this.open&&(this.popup.active=!0,this.popup.reposition()),super.firstUpdated(t)}lightDismiss(){clearTimeout(this.hoverTimeout),this.dismissedByPress=!0,this.hide()}hasTrigger(t){return this.trigger.split(" ").includes(t)}addToAriaLabelledBy(t,e){let o=(t.getAttribute("aria-labelledby")||"").split(/\s+/).filter(Boolean);o.includes(e)||(o.push(e),t.setAttribute("aria-labelledby",o.join(" ")))}removeFromAriaLabelledBy(t,e){let r=(t.getAttribute("aria-labelledby")||"").split(/\s+/).filter(Boolean).filter(a=>a!==e);r.length>0?t.setAttribute("aria-labelledby",r.join(" ")):t.removeAttribute("aria-labelledby")}async handleOpenChange(){if(this.open){if(this.disabled)return;let t=new ci;if(this.dispatchEvent(t),t.defaultPrevented){this.open=!1;return}this.hasTrigger("manual")||(document.addEventListener("keydown",this.handleDocumentKeyDown,{signal:this.eventController.signal}),document.addEventListener("click",this.handleDocumentClick,{signal:this.eventController.signal}),pi(this)),this.body.hidden=!1,this.popup.active=!0,await it(this.popup.popup,"show-with-scale"),this.popup.reposition(),this.dispatchEvent(new ui)}else{let t=new di;if(this.dispatchEvent(t),t.defaultPrevented){this.open=!0;return}document.removeEventListener("keydown",this.handleDocumentKeyDown),document.removeEventListener("click",this.handleDocumentClick),ce(this),await it(this.popup.popup,"hide-with-scale"),this.popup.active=!1,this.body.hidden=!0,this.dispatchEvent(new hi)}}handleForChange(){let t=this.getRootNode?.();if(!t)return;let e=this.for?t.getElementById?.(this.for):null,i=this.anchor;if(e===i)return;this.dismissedByPress=!1;let{signal:o}=this.eventController;e&&(this.addToAriaLabelledBy(e,this.id),e.addEventListener("blur",this.handleBlur,{capture:!0,signal:o}),e.addEventListener("focus",this.handleFocus,{capture:!0,signal:o}),e.addEventListener("click",this.handleClick,{signal:o}),e.addEventListener("mousedown",this.handleMouseDown,{signal:o}),e.addEventListener("mouseover",this.handleMouseOver,{signal:o}),e.addEventListener("mouseout",this.handleMouseOut,{signal:o})),i&&(this.removeFromAriaLabelledBy(i,this.id),i.removeEventListener("blur",this.handleBlur,{capture:!0}),i.removeEventListener("focus",this.handleFocus,{capture:!0}),i.removeEventListener("click",this.handleClick),i.removeEventListener("mousedown",this.handleMouseDown),i.removeEventListener("mouseover",this.handleMouseOver),i.removeEventListener("mouseout",this.handleMouseOut)),this.anchor=e}async handleOptionsChange(){this.hasUpdated&&(await this.updateComplete,this.popup.reposition())}handleDisabledChange(){this.disabled&&this.open&&this.hide()}async show(){if(!this.open)return this.open=!0,_o(this,"wa-after-show")}async hide(){if(this.open)return this.open=!1,_o(this,"wa-after-hide")}render(){return g`
      <wa-popup
        part="base tooltip"
        exportparts="
          popup:base__popup,
          arrow:base__arrow
        "
        class=${P({tooltip:!0,"tooltip-open":this.open})}
        placement=${this.placement}
        distance=${this.distance}
        skidding=${this.skidding}
        flip
        shift
        ?arrow=${!this.withoutArrow}
        hover-bridge
        .anchor=${this.anchor}
      >
        <div part="body" class="body">
          <slot></slot>
        </div>
      </wa-popup>
    `}};O.css=va;O.dependencies={"wa-popup":E};n([S("slot:not([name])")],O.prototype,"defaultSlot",2);n([S(".body")],O.prototype,"body",2);n([S("wa-popup")],O.prototype,"popup",2);n([d()],O.prototype,"placement",2);n([d({type:Boolean,reflect:!0})],O.prototype,"disabled",2);n([d({type:Number})],O.prototype,"distance",2);n([d({type:Boolean,reflect:!0})],O.prototype,"open",2);n([d({type:Number})],O.prototype,"skidding",2);n([d({attribute:"show-delay",type:Number})],O.prototype,"showDelay",2);n([d({attribute:"hide-delay",type:Number})],O.prototype,"hideDelay",2);n([d()],O.prototype,"trigger",2);n([d({attribute:"without-arrow",type:Boolean,reflect:!0})],O.prototype,"withoutArrow",2);n([d()],O.prototype,"for",2);n([H()],O.prototype,"anchor",2);n([A("open",{waitUntilFirstUpdate:!0})],O.prototype,"handleOpenChange",1);n([A("for")],O.prototype,"handleForChange",1);n([A(["distance","placement","skidding"])],O.prototype,"handleOptionsChange",1);n([A("disabled")],O.prototype,"handleDisabledChange",1);O=n([F("wa-tooltip")],O);var Al=[0,.25,.5,.75,1,1.25,1.5],Sl=[-1,-.5,0,.5,1,1.5];function Fi(t){let{view:e}=t,i=El(t),o={prompt:t.prompt,seed:t.seed};if(t.calibrated&&(o.calibrated=!0),e==="grid"){let l=t.concepts.map(c=>({name:ut(c),id:c.id,body:{...o,steering:[es(c,1)],strengths:Sl}}));return{view:e,subject:i,rows:l}}let r={picture:[1],compare:[0,1],strip:Al}[e],a=t.concepts.map(l=>es(l,l.strength)),s={name:"",id:0,body:{...o,steering:a,strengths:r}};return{view:e,subject:i,rows:[s]}}function El({view:t,prompt:e,seed:i,calibrated:o,concepts:r}){let a=r.map(({id:s,region:l})=>[s,l]);return JSON.stringify([t,e,i,o,a])}function qe(t){return t.words?{concept:t.words}:{image:t.picture}}function es(t,e){let i={...qe(t),strength:e};return t.region?{...i,mask:t.region}:i}function os({exporting:t,model:e,problem:i,keyed:o},r,a){return t?g`<wa-dialog label="Export" open light-dismiss @wa-after-hide=${a.closeExport}>
    ${is("Python",_l(r,e))} ${is("curl",Ml(r,o))}
    <h3>Files</h3>
    <p class="files">
      <button class="button" @click=${a.savePicture}>Picture, as it is shown</button>
      ${r.concepts.map(s=>zl(s,a))}
    </p>
    ${i?g`<p class="problem" role="alert">${i}</p>`:b}
  </wa-dialog>`:b}function is(t,e){return g`<div class="snippet">
    <h3>${t}</h3>
    <wa-copy-button value=${e} copy-label="Copy ${t}"></wa-copy-button>
    <pre tabindex="0" aria-label="${t} snippet">${e}</pre>
  </div>`}function zl(t,e){let i=ut(t),o=(r,a)=>g`<button class="button" @click=${a}>${r}</button>`;return g`${o(`Intervention of ${i}`,()=>e.saveIntervention(t))}
  ${t.picture?o(To(t),()=>e.saveUrl(t.picture,To(t))):b}
  ${t.region?o(Mo(t),()=>e.saveUrl(t.region,Mo(t))):b}`}function rs(t){return`${[...ut(t).replace(/[^\p{L}\p{N}]+/gu,"-").replace(/^-|-$/g,"")].slice(0,60).join("")||`concept-${t.id}`}.safetensors`}var To=({id:t,picture:e})=>`reference-${t}.${e.startsWith("data:image/png")?"png":"jpg"}`,Mo=({id:t})=>`region-${t}.png`;function _l(t,e){let i=t.concepts.filter(s=>!s.region),o=t.concepts.filter(s=>s.region),r=[...i,...o].map(s=>`    ${Tl(s,t)},`),a=`generator(${Pi(t.prompt)}, seed=${t.seed})`;return["import hypertransport as ht","",`generator = ht.load_generator(${Pi(e.id)})`,`hyper = ht.HyperTransport.from_pretrained(${Pi(e.id)})`,"",...r.length?["with (",...r,"):",`    image = ${a}`]:[`image = ${a}`],'image.save("picture.png")',""].join(`
`)}function Tl(t,e){let o=`hyper(${t.words?Pi(t.words):`ht.load_picture("${To(t)}")`}${e.calibrated?", calibrated=True":""})`,r=t.region?`, mask=ht.load_picture("${Mo(t)}")`:"",a=e.calibrated?`hyper.dial(${t.strength})`:t.strength;return`ht.steer(generator, ${o}, strength=${a}${r})`}var Pi=t=>JSON.stringify(t);function Ml(t,e){let{body:i}=Fi({...t,view:"picture"}).rows[0];return[`curl ${new URL("v1/images/generations",document.baseURI)} -H 'Content-Type: application/json'${e?' -H "Authorization: Bearer $KEY"':""} --data-binary @- <<'JSON'`,JSON.stringify(i,null,1),"JSON",""].join(`
`)}async function as(t){let e=await Promise.all(t.map(s=>Promise.all(s.map(Rl)))),{width:i,height:o}=e[0][0],r=document.createElement("canvas");r.width=i*Math.max(...e.map(s=>s.length)),r.height=o*e.length;let a=r.getContext("2d");return e.forEach((s,l)=>s.forEach((c,h)=>a.drawImage(c,h*i,l*o))),r.toDataURL("image/png")}async function Rl({src:t}){let e=new Image;return e.src=t,await e.decode(),e}function Oi(t,e){Object.assign(document.createElement("a"),{href:t,download:e}).click()}var Fl=500,Di=class{#t=new Map;#i=new Set;#e;constructor(e){this.#e=e}of(e){let i=new Map;for(let o of e){let r=JSON.stringify(qe(o));this.#t.has(r)?i.set(o.id,this.#t.get(r)):this.#r(r)}return i}#o(e){this.#t.delete(e),this.#i.delete(e)}async#r(e){if(!this.#i.has(e)){this.#i.add(e);try{this.#t.set(e,await cr(JSON.parse(e))),this.#t.size>Fl&&this.#o(this.#t.keys().next().value),this.#e()}catch{this.#i.delete(e)}}}};var Ue=class{#t=[];#i=[];#e;constructor(e){this.state=this.#e=e}get settled(){return this.#e}get undoable(){return this.#t.length>0}get redoable(){return this.#i.length>0}pass(e){this.state=e}settle(e=this.state){this.state=e,JSON.stringify(e)!==JSON.stringify(this.#e)&&(this.#t=[...this.#t,this.#e].slice(-100),this.#i=[],this.#e=e)}look(e){this.#e={...this.#e,...e},this.state={...this.state,...e}}undo(){this.#o(this.#t,this.#i)}redo(){this.#o(this.#i,this.#t)}#o(e,i){if(!e.length)return;i.push(this.#e);let{view:o,split:r}=this.state;this.state=this.#e={...e.pop(),view:o,split:r}}};var Pl={dragover:!0,dragleave:!1,drop:!1};function ss(t,e,i){addEventListener("paste",o=>{let r=vo(o.clipboardData);!r.length||Ol(o)||(o.preventDefault(),t.addFiles(r))});for(let[o,r]of Object.entries(Pl))addEventListener(o,a=>{if(![...a.dataTransfer?.types??[]].includes("Files")||(a.preventDefault(),e(r),o!=="drop"))return;let s=vo(a.dataTransfer);s.length?t.addFiles(s):i("That is no picture.")});addEventListener("keydown",o=>Dl(o,t))}var Ol=({target:t,clipboardData:e})=>ns(t)&&e.types.includes("text/plain"),ns=t=>t.closest?.("input, textarea");function Dl(t,e){if(t.key==="Escape"&&e.stopPainting(),ns(t.target)?.value||!(t.ctrlKey||t.metaKey))return;let i=t.key.toLowerCase();i!=="z"&&i!=="y"||(t.preventDefault(),i==="y"||t.shiftKey?e.redo():e.undo())}var ls=$`
  .form-control {
    position: relative;
    border: none;
    padding: 0;
    margin: 0;
  }

  .label {
    padding: 0;
  }

  .radio-group-required .label::after {
    content: var(--wa-form-control-required-content);
    margin-inline-start: var(--wa-form-control-required-content-offset);
  }

  [part~='form-control-input'] {
    display: flex;
    flex-direction: column;
    flex-wrap: wrap;
    gap: 0; /* Radios handle their own spacing */
  }

  /* Horizontal */
  :host([orientation='horizontal']) [part~='form-control-input'] {
    flex-direction: row;
  }

  /* Help text */
  [part~='hint'] {
    margin-block-start: 0.5em;
  }
`;var cs=(t={})=>{let{validationElement:e,validationProperty:i}=t;e||typeof document<"u"&&"createElement"in document&&(e=Object.assign(document.createElement("input"),{required:!0})),i||(i="value");let o={observedAttributes:["required"],message:e?.validationMessage,checkValidity(r){let a={message:"",isValid:!0,invalidKeys:[]};return(r.required??r.hasAttribute("required"))&&!r[i]&&(a.message=typeof o.message=="function"?o.message(r):o.message||"",a.isValid=!1,a.invalidKeys.push("valueMissing")),a}};return o};var It=$`
  :host {
    display: flex;
    flex-direction: column;
  }

  /* Treat wrapped labels, inputs, and hints as direct children of the host element */
  [part~='form-control'] {
    display: contents;
  }

  /* Label */
  :is([part~='form-control-label'], [part~='label']):has(*:not(:empty)),
  :is([part~='form-control-label'], [part~='label']).has-label {
    display: inline-flex;
    color: var(--wa-form-control-label-color);
    font-weight: var(--wa-form-control-label-font-weight);
    line-height: var(--wa-form-control-label-line-height);
    margin-block-end: 0.5em;
  }

  :host([required]) :is([part~='form-control-label'], [part~='label'])::after {
    content: var(--wa-form-control-required-content);
    margin-inline-start: var(--wa-form-control-required-content-offset);
    color: var(--wa-form-control-required-content-color);
  }

  /* Help text */
  [part~='hint'] {
    display: block;
    color: var(--wa-form-control-hint-color);
    font-weight: var(--wa-form-control-hint-font-weight);
    line-height: var(--wa-form-control-hint-line-height);
    margin-block-start: 0.5em;
    font-size: var(--wa-font-size-smaller);

    &:not(.has-slotted, .has-hint, .has-count) {
      display: none;
    }
  }
`;var U=class extends I{constructor(){super(),this.hasSlotController=new bt(this,"hint","label"),this.label="",this.hint="",this.name=null,this.disabled=!1,this.orientation="vertical",this._value=null,this.defaultValue=this.getAttribute("value")||null,this.required=!1,this.withLabel=!1,this.withHint=!1,this.handleRadioClick=t=>{let e=t.target.closest("wa-radio");if(!e||e.disabled||e.forceDisabled||this.disabled)return;let i=this.value;this.value=e.value,e.checked=!0;let o=this.getAllRadios();for(let r of o)e!==r&&(r.checked=!1,r.setAttribute("tabindex","-1"));this.value!==i&&this.updateComplete.then(()=>{this.dispatchEvent(new InputEvent("input",{bubbles:!0,composed:!0})),this.dispatchEvent(new Event("change",{bubbles:!0,composed:!0}))})},this.addEventListener("keydown",this.handleKeyDown),this.addEventListener("click",this.handleRadioClick)}static get validators(){let t=[cs({validationElement:Object.assign(document.createElement("input"),{required:!0,type:"radio",name:pe("__wa-radio")})})];return[...super.validators,...t]}get value(){return this.valueHasChanged?this._value:this._value??this.defaultValue}set value(t){typeof t=="number"&&(t=String(t)),this.valueHasChanged=!0,this._value=t}handleSizeChange(){yt(this.localName,this.size)}get validationTarget(){if(!1)return;let t=this.querySelector(":is(wa-radio):not([disabled])");if(t)return t}updated(t){(t.has("disabled")||t.has("size")||t.has("value")||t.has("defaultValue"))&&this.syncRadioElements()}formResetCallback(...t){this._value=null,super.formResetCallback(...t),this.syncRadioElements()}getAllRadios(){return[...this.querySelectorAll("wa-radio")]}handleLabelClick(){this.focus()}async syncRadioElements(){let t=this.getAllRadios();if(t.forEach((e,i)=>{this.size&&e.setAttribute("size",this.size),e.toggleAttribute("data-wa-radio-horizontal",this.orientation!=="vertical"),e.toggleAttribute("data-wa-radio-vertical",this.orientation==="vertical"),e.toggleAttribute("data-wa-radio-first",i===0),e.toggleAttribute("data-wa-radio-inner",i!==0&&i!==t.length-1),e.toggleAttribute("data-wa-radio-last",i===t.length-1),e.forceDisabled=this.disabled}),await Promise.all(t.map(async e=>{await e.updateComplete,!e.disabled&&e.value===this.value?e.checked=!0:e.checked=!1})),this.disabled)t.forEach(e=>{e.tabIndex=-1});else{let e=t.filter(o=>!o.disabled),i=e.find(o=>o.checked);e.length>0&&(i?e.forEach(o=>{o.tabIndex=o.checked?0:-1}):e.forEach((o,r)=>{o.tabIndex=r===0?0:-1})),t.filter(o=>o.disabled).forEach(o=>{o.tabIndex=-1})}}handleKeyDown(t){if(!["ArrowUp","ArrowDown","ArrowLeft","ArrowRight"," "].includes(t.key)||this.disabled)return;let e=this.getAllRadios().filter(l=>!l.disabled);if(e.length<=0)return;t.preventDefault();let i=this.value,o=e.find(l=>l.checked)??e[0],r=t.key===" "?0:["ArrowUp","ArrowLeft"].includes(t.key)?-1:1,a=e.indexOf(o)+r;a||(a=0),a<0&&(a=e.length-1),a>e.length-1&&(a=0);let s=e.some(l=>l.tagName.toLowerCase()==="wa-radio-button");this.getAllRadios().forEach(l=>{l.checked=!1,s||l.setAttribute("tabindex","-1")}),this.value=e[a].value,e[a].checked=!0,s?e[a].shadowRoot.querySelector("button").focus():(e[a].setAttribute("tabindex","0"),e[a].focus()),this.value!==i&&this.updateComplete.then(()=>{this.dispatchEvent(new InputEvent("input",{bubbles:!0,composed:!0})),this.dispatchEvent(new Event("change",{bubbles:!0,composed:!0}))}),t.preventDefault()}focus(t){if(this.disabled)return;let e=this.getAllRadios(),i=e.find(a=>a.checked),o=e.find(a=>!a.disabled),r=i||o;r&&r.focus(t)}render(){let t=this.hasSlotController.test("label","withLabel"),e=this.hasSlotController.test("hint","withHint"),i=this.label?!0:!!t,o=this.hint?!0:!!e;return g`
      <fieldset
        part="form-control"
        class=${P({"form-control":!0,"form-control-radio-group":!0,"form-control-has-label":i})}
        role="radiogroup"
        aria-labelledby="label"
        aria-describedby="hint"
        aria-errormessage="error-message"
        aria-orientation=${this.orientation}
      >
        <label
          part="form-control-label"
          id="label"
          class=${P({label:!0,"has-label":i})}
          aria-hidden=${i?"false":"true"}
          @click=${this.handleLabelClick}
        >
          <slot name="label">${this.label}</slot>
        </label>

        <slot part="form-control-input" @slotchange=${this.syncRadioElements}></slot>

        <slot
          id="hint"
          name="hint"
          part="hint"
          class=${P({"has-slotted":o})}
          aria-hidden=${o?"false":"true"}
          >${this.hint}</slot
        >
      </fieldset>
    `}};U.css=[xt,It,ls];U.shadowRootOptions={...I.shadowRootOptions,delegatesFocus:!0};n([S("slot:not([name])")],U.prototype,"defaultSlot",2);n([d()],U.prototype,"label",2);n([d({attribute:"hint"})],U.prototype,"hint",2);n([d({reflect:!0})],U.prototype,"name",2);n([d({type:Boolean,reflect:!0})],U.prototype,"disabled",2);n([d({reflect:!0})],U.prototype,"orientation",2);n([H()],U.prototype,"value",1);n([d({attribute:"value",reflect:!0})],U.prototype,"defaultValue",2);n([d({reflect:!0})],U.prototype,"size",2);n([A("size")],U.prototype,"handleSizeChange",1);n([d({type:Boolean,reflect:!0})],U.prototype,"required",2);n([d({type:Boolean,attribute:"with-label"})],U.prototype,"withLabel",2);n([d({type:Boolean,attribute:"with-hint"})],U.prototype,"withHint",2);U=n([F("wa-radio-group")],U);U.disableWarning?.("change-in-update");var ds=$`
  :host {
    --checked-icon-color: var(--wa-form-control-activated-color);
    --checked-icon-scale: 0.7;

    color: var(--wa-form-control-value-color);
    display: inline-flex;
    flex-direction: row;
    align-items: top;
    font-family: inherit;
    font-weight: var(--wa-form-control-value-font-weight);
    line-height: var(--wa-form-control-value-line-height);
    cursor: pointer;
    user-select: none;
    -webkit-user-select: none;
  }

  :host(:focus) {
    outline: none;
  }

  /* When the control isn't checked, hide the circle for Windows High Contrast mode a11y */
  :host(:not(:state(checked))) svg circle {
    opacity: 0;
  }

  [part~='label'] {
    display: inline;
  }

  [part~='hint'] {
    margin-block-start: 0.5em;
  }

  /* Default spacing for default appearance radios */
  :host([appearance='default']) {
    margin-block: 0.375em; /* Half of the original 0.75em gap on each side */
  }

  :host([appearance='default'][data-wa-radio-horizontal]) {
    margin-block: 0;
    margin-inline: 0.5em; /* Half of the original 1em gap on each side */
  }

  /* Remove margin from first/last items to prevent extra space */
  :host([appearance='default'][data-wa-radio-first]) {
    margin-block-start: 0;
    margin-inline-start: 0;
  }

  :host([appearance='default'][data-wa-radio-last]) {
    margin-block-end: 0;
    margin-inline-end: 0;
  }

  /* Button appearance have no spacing, they get handled by the overlap margins below */
  :host([appearance='button']) {
    margin: 0;
    align-items: center;
    min-height: var(--wa-form-control-height);
    background-color: var(--wa-color-surface-default);
    border: var(--wa-form-control-border-width) var(--wa-form-control-border-style) var(--wa-form-control-border-color);
    border-radius: var(--wa-border-radius-m);
    padding: 0 var(--wa-form-control-padding-inline);
    transition:
      background-color var(--wa-transition-fast),
      border-color var(--wa-transition-fast);
  }

  /* Default appearance */
  :host([appearance='default']) {
    .control {
      flex: 0 0 auto;
      position: relative;
      display: inline-flex;
      align-items: center;
      justify-content: center;
      width: var(--wa-form-control-toggle-size);
      height: var(--wa-form-control-toggle-size);
      border-color: var(--wa-form-control-border-color);
      border-radius: 50%;
      border-style: var(--wa-form-control-border-style);
      border-width: var(--wa-form-control-border-width);
      background-color: var(--wa-form-control-background-color);
      color: transparent;
      transition:
        background var(--wa-transition-normal),
        border-color var(--wa-transition-fast),
        box-shadow var(--wa-transition-fast),
        color var(--wa-transition-fast);
      transition-timing-function: var(--wa-transition-easing);

      margin-inline-end: 0.5em;
    }

    .checked-icon {
      display: flex;
      fill: currentColor;
      width: var(--wa-form-control-toggle-size);
      height: var(--wa-form-control-toggle-size);
      scale: var(--checked-icon-scale);
    }
  }

  /* Button appearance */
  :host([appearance='button']) {
    .control {
      display: none;
    }
  }

  /* Checked */
  :host(:state(checked)) .control {
    color: var(--checked-icon-color);
    border-color: var(--wa-form-control-activated-color);
    background-color: var(--wa-form-control-background-color);
  }

  /* Focus */
  :host(:focus-visible) .control {
    outline: var(--wa-focus-ring);
    outline-offset: var(--wa-focus-ring-offset);
  }

  /* Disabled */
  :host(:state(disabled)) {
    opacity: 0.5;
    cursor: not-allowed;
  }

  /* Horizontal grouping - remove inner border radius */
  :host([appearance='button'][data-wa-radio-horizontal][data-wa-radio-inner]) {
    border-radius: 0;
  }

  :host([appearance='button'][data-wa-radio-horizontal][data-wa-radio-first]) {
    border-start-end-radius: 0;
    border-end-end-radius: 0;
  }

  :host([appearance='button'][data-wa-radio-horizontal][data-wa-radio-last]) {
    border-start-start-radius: 0;
    border-end-start-radius: 0;
  }

  /* Vertical grouping - remove inner border radius */
  :host([appearance='button'][data-wa-radio-vertical][data-wa-radio-inner]) {
    border-radius: 0;
  }

  :host([appearance='button'][data-wa-radio-vertical][data-wa-radio-first]) {
    border-end-start-radius: 0;
    border-end-end-radius: 0;
  }

  :host([appearance='button'][data-wa-radio-vertical][data-wa-radio-last]) {
    border-start-start-radius: 0;
    border-start-end-radius: 0;
  }

  @media (hover: hover) {
    :host([appearance='button']:hover:not(:state(disabled), :state(checked))) {
      background-color: color-mix(in srgb, var(--wa-color-surface-default) 95%, var(--wa-color-mix-hover));
    }
  }

  :host([appearance='button']:focus-visible) {
    outline: var(--wa-focus-ring);
    outline-offset: var(--wa-focus-ring-offset);
  }

  :host([appearance='button']:state(checked)) {
    border-color: var(--wa-form-control-activated-color);
    background-color: var(--wa-color-brand-fill-quiet);
  }

  :host([appearance='button']:state(checked):focus-visible) {
    outline: var(--wa-focus-ring);
    outline-offset: var(--wa-focus-ring-offset);
  }

  /* Button overlap margins */
  :host([appearance='button'][data-wa-radio-horizontal]:not([data-wa-radio-first])) {
    margin-inline-start: calc(-1 * var(--wa-form-control-border-width));
  }

  :host([appearance='button'][data-wa-radio-vertical]:not([data-wa-radio-first])) {
    margin-block-start: calc(-1 * var(--wa-form-control-border-width));
  }

  /* Ensure interactive states are visible above adjacent buttons */
  :host([appearance='button']:hover),
  :host([appearance='button']:state(checked)) {
    position: relative;
    z-index: 1;
  }

  :host([appearance='button']:focus-visible) {
    z-index: 2;
  }
`;var nt=class extends I{constructor(){super(),this.checked=!1,this.forceDisabled=!1,this.appearance="default",this.disabled=!1,this.handleClick=()=>{!this.disabled&&!this.forceDisabled&&(this.checked=!0)},this.addEventListener("click",this.handleClick)}handleSizeChange(){yt(this.localName,this.size)}connectedCallback(){super.connectedCallback(),this.setInitialAttributes()}setInitialAttributes(){this.setAttribute("role","radio"),this.tabIndex=0,this.setAttribute("aria-disabled",this.disabled||this.forceDisabled?"true":"false")}updated(t){if(super.updated(t),t.has("checked")&&(this.customStates.set("checked",this.checked),this.setAttribute("aria-checked",this.checked?"true":"false"),!this.disabled&&!this.forceDisabled&&(this.tabIndex=this.checked?0:-1)),t.has("disabled")||t.has("forceDisabled")){let e=this.disabled||this.forceDisabled;this.customStates.set("disabled",e),this.setAttribute("aria-disabled",e?"true":"false"),e?this.tabIndex=-1:this.tabIndex=this.checked?0:-1}}setValue(){}render(){return g`
      <span part="control" class="control">
        ${this.checked?g`
              <svg viewBox="0 0 16 16" xmlns="http://www.w3.org/2000/svg" part="checked-icon" class="checked-icon">
                <circle cx="8" cy="8" r="8" />
              </svg>
            `:""}
      </span>

      <slot part="label" class="label"></slot>
    `}};nt.css=[It,xt,ds];n([H()],nt.prototype,"checked",2);n([H()],nt.prototype,"forceDisabled",2);n([d({reflect:!0})],nt.prototype,"value",2);n([d({reflect:!0})],nt.prototype,"appearance",2);n([d({reflect:!0})],nt.prototype,"size",2);n([A("size")],nt.prototype,"handleSizeChange",1);n([d({type:Boolean})],nt.prototype,"disabled",2);nt=n([F("wa-radio")],nt);nt.disableWarning?.("change-in-update");var hs=$`
  :host {
    --height: var(--wa-form-control-toggle-size);
    --width: calc(var(--height) * 1.75);
    --thumb-size: 0.75em;

    display: inline-flex;
    line-height: var(--wa-form-control-value-line-height);
  }

  label {
    position: relative;
    display: flex;
    align-items: center;
    font: inherit;
    color: var(--wa-form-control-value-color);
    vertical-align: middle;
    cursor: pointer;
  }

  .switch {
    flex: 0 0 auto;
    position: relative;
    display: flex;
    align-items: center;
    justify-content: center;
    width: var(--width);
    height: var(--height);
    background-color: var(--wa-form-control-background-color);
    border-color: var(--wa-form-control-border-color);
    border-radius: var(--height);
    border-style: var(--wa-form-control-border-style);
    border-width: var(--wa-form-control-border-width);
    transition-property: translate, background, border-color, box-shadow;
    transition-duration: var(--wa-transition-normal);
    transition-timing-function: var(--wa-transition-easing);
  }

  :host([did-ssr]:not(:defined)) .switch {
    transition-property: unset;
    transition-duration: unset;
    transition-timing-function: unset;
  }

  .switch .thumb {
    aspect-ratio: 1 / 1;
    width: var(--thumb-size);
    height: var(--thumb-size);
    background-color: var(--wa-form-control-border-color);
    border-radius: 50%;
    translate: calc((var(--width) - var(--height)) / -2);
    transition: inherit;
  }
  .switch .thumb:dir(rtl) {
    translate: calc((var(--width) - var(--height)) / 2);
  }

  .input {
    position: absolute;
    opacity: 0;
    padding: 0;
    margin: 0;
    pointer-events: none;
  }

  /* Focus */
  label:not(.disabled) .input:focus-visible ~ [part~='control'] {
    outline: var(--wa-focus-ring);
    outline-offset: var(--wa-focus-ring-offset);
  }

  /* Checked */
  .checked .switch {
    background-color: var(--wa-form-control-activated-color);
    border-color: var(--wa-form-control-activated-color);
  }

  .checked .switch .thumb {
    background-color: var(--wa-color-surface-default);
    translate: calc((var(--width) - var(--height)) / 2);
  }
  .checked .switch .thumb:dir(rtl) {
    translate: calc((var(--width) - var(--height)) / -2);
  }

  /* Disabled */
  label:has(> :disabled) {
    opacity: 0.5;
    cursor: not-allowed;
  }

  [part~='label'] {
    display: inline-block;
    line-height: var(--height);
    margin-inline-start: 0.5em;
    user-select: none;
    -webkit-user-select: none;
  }

  :host([required]) [part~='label']::after {
    content: var(--wa-form-control-required-content);
    color: var(--wa-form-control-required-content-color);
    margin-inline-start: var(--wa-form-control-required-content-offset);
  }

  @media (forced-colors: active) {
    :checked:enabled + .switch:hover .thumb,
    :checked + .switch .thumb {
      background-color: ButtonText;
    }
  }
`;var lt=ot(class extends tt{constructor(t){if(super(t),t.type!==X.PROPERTY&&t.type!==X.ATTRIBUTE&&t.type!==X.BOOLEAN_ATTRIBUTE)throw Error("The `live` directive is not allowed on child or event bindings");if(!yi(t))throw Error("`live` bindings can only contain a single expression")}render(t){return t}update(t,[e]){if(e===B||e===b)return e;let i=t.element,o=t.name;if(t.type===X.PROPERTY){if(e===i[o])return B}else if(t.type===X.BOOLEAN_ATTRIBUTE){if(!!e===i.hasAttribute(o))return B}else if(t.type===X.ATTRIBUTE&&i.getAttribute(o)===e+"")return B;return xi(t),e}});var V=class extends I{constructor(){super(...arguments),this.hasSlotController=new bt(this,"hint"),this.localize=new Y(this),this.title="",this.name=null,this._value=this.getAttribute("value")??null,this.size="m",this.disabled=!1,this._checked=null,this.defaultChecked=this.hasAttribute("checked"),this.required=!1,this.hint="",this.withHint=!1}static get validators(){return[...super.validators,gi()]}get value(){return this._value??"on"}set value(t){this._value=t}handleSizeChange(){yt(this.localName,this.size)}get checked(){return this.valueHasChanged?!!this._checked:this._checked??this.defaultChecked}set checked(t){this._checked=!!t,this.valueHasChanged=!0}handleClick(){this.hasInteracted=!0,this.checked=!this.checked,this.updateComplete.then(()=>{this.dispatchEvent(new Event("change",{bubbles:!0,composed:!0}))})}handleKeyDown(t){let e=this.localize.dir()==="rtl";t.key==="ArrowLeft"&&(t.preventDefault(),this.checked=e,this.updateComplete.then(()=>{this.dispatchEvent(new Event("change",{bubbles:!0,composed:!0})),this.dispatchEvent(new InputEvent("input",{bubbles:!0,composed:!0}))})),t.key==="ArrowRight"&&(t.preventDefault(),this.checked=!e,this.updateComplete.then(()=>{this.dispatchEvent(new Event("change",{bubbles:!0,composed:!0})),this.dispatchEvent(new InputEvent("input",{bubbles:!0,composed:!0}))}))}willUpdate(t){super.willUpdate(t),(t.has("value")||t.has("checked")||t.has("defaultChecked")||t.has("disabled"))&&this.handleValueOrCheckedChange()}handleValueOrCheckedChange(){if(this.didSSR&&!this.hasUpdated){this.updateComplete.then(()=>{this.handleValueOrCheckedChange()});return}this.setValue(this.checked?this.value:null,this._value),this.updateValidity()}handleStateChange(){this.hasUpdated&&(this.input.checked=this.checked),this.customStates.set("checked",this.checked),this.updateValidity()}handleDisabledChange(){this.updateValidity()}click(){this.input.click()}focus(t){this.input.focus(t)}blur(){this.input.blur()}setValue(t,e){if(!this.checked){this.internals.setFormValue(null,null);return}this.internals.setFormValue(t??"on",e)}formResetCallback(){this._checked=null,super.formResetCallback(),this.handleValueOrCheckedChange()}render(){let t=this.hasSlotController.test("hint","withHint"),e=this.hint?!0:!!t,i=this.didSSR&&!this.hasUpdated?this.checked:this.defaultChecked,o=this.didSSR&&!this.hasUpdated?null:lt(this.checked);return g`
      <label
        part="base switch"
        class=${P({checked:this.checked,disabled:this.disabled})}
      >
        <input
          class="input"
          type="checkbox"
          title=${this.title}
          name=${W(this.name)}
          value=${W(this.value)}
          .checked=${W(o)}
          ?checked=${i}
          ?disabled=${this.disabled}
          ?required=${this.required}
          role="switch"
          aria-checked=${this.checked?"true":"false"}
          aria-describedby="hint"
          @click=${this.handleClick}
          @keydown=${this.handleKeyDown}
        />

        <span part="control" class="switch">
          <span part="thumb" class="thumb"></span>
        </span>

        <slot part="label" class="label"></slot>
      </label>

      <slot
        id="hint"
        name="hint"
        part="hint"
        class=${P({"has-slotted":e})}
        aria-hidden=${e?"false":"true"}
        >${this.hint}</slot
      >
    `}};V.shadowRootOptions={...I.shadowRootOptions,delegatesFocus:!0};V.css=[It,xt,hs];n([S('input[type="checkbox"]')],V.prototype,"input",2);n([d()],V.prototype,"title",2);n([d({reflect:!0})],V.prototype,"name",2);n([d({reflect:!0})],V.prototype,"value",1);n([d({reflect:!0})],V.prototype,"size",2);n([A("size")],V.prototype,"handleSizeChange",1);n([d({type:Boolean})],V.prototype,"disabled",2);n([d({type:Boolean,attribute:!1})],V.prototype,"checked",1);n([d({type:Boolean,attribute:"checked",reflect:!0})],V.prototype,"defaultChecked",2);n([d({type:Boolean,reflect:!0})],V.prototype,"required",2);n([d({attribute:"hint"})],V.prototype,"hint",2);n([d({attribute:"with-hint",type:Boolean})],V.prototype,"withHint",2);n([A(["checked","defaultChecked"])],V.prototype,"handleStateChange",1);n([A("disabled",{waitUntilFirstUpdate:!0})],V.prototype,"handleDisabledChange",1);V=n([F("wa-switch")],V);V.disableWarning?.("change-in-update");var He=class extends tt{constructor(e){if(super(e),this.it=b,e.type!==X.CHILD)throw Error(this.constructor.directiveName+"() can only be used in child bindings")}render(e){if(e===b||e==null)return this._t=void 0,this.it=e;if(e===B)return e;if(typeof e!="string")throw Error(this.constructor.directiveName+"() called with a non-string value");if(e===this.it)return this._t;this.it=e;let i=[e];return i.raw=i,this._t={_$litType$:this.constructor.resultType,strings:i,values:[]}}};He.directiveName="unsafeHTML",He.resultType=1;var us=ot(He);var ps=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-brush"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="m11 10 3 3" />
  <path d="M6.5 21A3.5 3.5 0 1 0 3 17.5a2.62 2.62 0 0 1-.708 1.792A1 1 0 0 0 3 21z" />
  <path d="M9.969 17.031 21.378 5.624a1 1 0 0 0-3.002-3.002L6.967 14.031" />
</svg>
`;var ms=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-camera"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M13.997 4a2 2 0 0 1 1.76 1.05l.486.9A2 2 0 0 0 18.003 7H20a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2h1.997a2 2 0 0 0 1.759-1.048l.489-.904A2 2 0 0 1 10.004 4z" />
  <circle cx="12" cy="13" r="3" />
</svg>
`;var fs=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-dices"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <rect width="12" height="12" x="2" y="10" rx="2" ry="2" />
  <path d="m17.92 14 3.5-3.5a2.24 2.24 0 0 0 0-3l-5-4.92a2.24 2.24 0 0 0-3 0L10 6" />
  <path d="M6 18h.01" />
  <path d="M10 14h.01" />
  <path d="M15 6h.01" />
  <path d="M18 9h.01" />
</svg>
`;var gs=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-download"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M12 15V3" />
  <path d="M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4" />
  <path d="m7 10 5 5 5-5" />
</svg>
`;var ws=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-image-plus"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M16 5h6" />
  <path d="M19 2v6" />
  <path d="M21 11.5V19a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h7.5" />
  <path d="m21 15-3.086-3.086a2 2 0 0 0-2.828 0L6 21" />
  <circle cx="9" cy="9" r="2" />
</svg>
`;var vs=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-link"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M10 13a5 5 0 0 0 7.54.54l3-3a5 5 0 0 0-7.07-7.07l-1.72 1.71" />
  <path d="M14 11a5 5 0 0 0-7.54-.54l-3 3a5 5 0 0 0 7.07 7.07l1.71-1.71" />
</svg>
`;var bs=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-lock"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <rect width="18" height="11" x="3" y="11" rx="2" ry="2" />
  <path d="M7 11V7a5 5 0 0 1 10 0v4" />
</svg>
`;var ys=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-lock-open"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <rect width="18" height="11" x="3" y="11" rx="2" ry="2" />
  <path d="M7 11V7a5 5 0 0 1 9.9-1" />
</svg>
`;var xs=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-plus"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M5 12h14" />
  <path d="M12 5v14" />
</svg>
`;var Cs=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-redo-2"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="m15 14 5-5-5-5" />
  <path d="M20 9H9.5A5.5 5.5 0 0 0 4 14.5A5.5 5.5 0 0 0 9.5 20H13" />
</svg>
`;var ks=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-undo-2"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M9 14 4 9l5-5" />
  <path d="M4 9h10.5a5.5 5.5 0 0 1 5.5 5.5a5.5 5.5 0 0 1-5.5 5.5H11" />
</svg>
`;var $s=`<!-- @license lucide-static v1.62.0 - ISC -->
<svg
  class="lucide lucide-x"
  xmlns="http://www.w3.org/2000/svg"
  width="24"
  height="24"
  viewBox="0 0 24 24"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
  stroke-linejoin="round"
>
  <path d="M18 6 6 18" />
  <path d="m6 6 12 12" />
</svg>
`;var Gl={brush:ps,camera:ms,dices:fs,download:gs,imagePlus:ws,link:vs,lock:bs,lockOpen:ys,plus:xs,redo:Cs,undo:ks,x:$s},Bi=t=>Jl[t],Jl=Object.fromEntries(Object.entries(Gl).map(([t,e])=>[t,us(e.replace(/<!--.*?-->\s*/,"").replace("<svg",'<svg aria-hidden="true"'))]));function rt(t,e,i,o={}){let{disabled:r=!1,pressed:a,text:s="",kind:l=""}=o;return g`<button
    type="button"
    class="button ${l}"
    aria-label=${e}
    title=${e}
    aria-pressed=${a===void 0?b:String(a)}
    ?disabled=${r}
    @click=${i}
  >
    ${Bi(t)}${s?g`<span>${s}</span>`:b}
  </button>`}function Ls(t,e,i){let o=t.concepts.length>=Yt;return g`<form class="adding" @submit=${a=>{a.preventDefault();let s=a.target.elements.words;s.value.trim()&&i.add({words:s.value.trim()}),s.value=""}}>
    <input
      name="words"
      aria-label="New concept, in words"
      placeholder=${o?`at most ${Yt} concepts`:"another concept \u2026"}
      maxlength=${to}
      autocomplete="off"
      list="suggested"
      ?disabled=${o}
      @input=${a=>i.suggest(a.target.value)}
    />
    <datalist id="suggested">
      ${e.map(a=>g`<option value=${a}></option>`)}
    </datalist>
    <button class="button" aria-label="Add concept" title="Add concept" ?disabled=${o}>
      ${Bi("plus")}
    </button>
    ${rt("imagePlus","Add a concept by a picture",Zl,{disabled:o})}
    <input
      class="hidden"
      type="file"
      accept="image/*"
      multiple
      aria-label="Picture file"
      tabindex="-1"
      @change=${a=>Ql(a.target,i)}
    />
    ${rt("camera","Add a concept by camera",()=>i.camera(),{disabled:o})}
    <p class="hint">… or drop a picture anywhere, or paste one.</p>
  </form>`}var Zl=t=>t.currentTarget.form.querySelector("[type=file]").click();function Ql(t,e){e.addFiles([...t.files]),t.value=""}var As=(t,e,i)=>{let o=new Map;for(let r=e;r<=i;r++)o.set(t[r],r);return o},Ss=ot(class extends tt{constructor(t){if(super(t),t.type!==X.CHILD)throw Error("repeat() can only be used in text expressions")}dt(t,e,i){let o;i===void 0?i=e:e!==void 0&&(o=e);let r=[],a=[],s=0;for(let l of t)r[s]=o?o(l,s):s,a[s]=i(l,s),s++;return{values:a,keys:r}}render(t,e,i){return this.dt(t,e,i).values}update(t,[e,i,o]){let r=oa(t),{values:a,keys:s}=this.dt(e,i,o);if(!Array.isArray(r))return this.ut=s,a;let l=this.ut??=[],c=[],h,m,u=0,f=r.length-1,p=0,w=a.length-1;for(;u<=f&&p<=w;)if(r[u]===null)u++;else if(r[f]===null)f--;else if(l[u]===s[p])c[p]=Ot(r[u],a[p]),u++,p++;else if(l[f]===s[w])c[w]=Ot(r[f],a[w]),f--,w--;else if(l[u]===s[w])c[w]=Ot(r[u],a[w]),ue(t,c[w+1],r[u]),u++,w--;else if(l[f]===s[p])c[p]=Ot(r[f],a[p]),ue(t,r[u],r[f]),f--,p++;else if(h===void 0&&(h=As(s,p,w),m=As(l,u,f)),h.has(l[u]))if(h.has(l[f])){let v=m.get(s[p]),x=v!==void 0?r[v]:null;if(x===null){let y=ue(t,r[u]);Ot(y,a[p]),c[p]=y}else c[p]=Ot(x,a[p]),ue(t,r[u],x),r[v]=null;p++}else Ci(r[f]),f--;else Ci(r[u]),u++;for(;p<=w;){let v=ue(t,c[w+1]);Ot(v,a[p]),c[p++]=v}for(;u<=f;){let v=r[u++];v!==null&&Ci(v)}return this.ut=s,xi(t,c),B}});var Es=$`
  :host {
    --track-size: 0.5em;
    --thumb-width: 1.4em;
    --thumb-height: 1.4em;
    --marker-width: 0.1875em;
    --marker-height: 0.1875em;
  }

  :host([orientation='vertical']) {
    width: auto;
  }

  #label:has(~ .vertical) {
    display: block;
    order: 2;
    max-width: none;
    text-align: center;
  }

  #description:has(~ .vertical) {
    order: 3;
    text-align: center;
  }

  /* Add extra space between slider and label, when present */
  #label.has-label ~ #slider {
    &.horizontal {
      margin-block-start: 0.5em;
    }
    &.vertical {
      margin-block-end: 0.5em;
    }
  }

  #slider {
    touch-action: none;

    &:focus {
      outline: none;
    }

    &:focus-visible:not(.disabled) #thumb,
    &:focus-visible:not(.disabled) #thumb-min,
    &:focus-visible:not(.disabled) #thumb-max {
      outline: var(--wa-focus-ring);
      /* intentionally no offset due to border */
    }
  }

  #track {
    position: relative;
    border-radius: 9999px;
    background: var(--wa-color-neutral-fill-normal);
    isolation: isolate;
  }

  /* Orientation */
  .horizontal #track {
    height: var(--track-size);
  }

  .vertical #track {
    order: 1;
    width: var(--track-size);
    height: 200px;
  }

  /* Disabled */
  .disabled #track {
    cursor: not-allowed;
    opacity: 0.5;
  }

  /* Indicator */
  #indicator {
    position: absolute;
    border-radius: inherit;
    background-color: var(--wa-form-control-activated-color);

    &:dir(ltr) {
      right: calc(100% - max(var(--start), var(--end)));
      left: min(var(--start), var(--end));
    }

    &:dir(rtl) {
      right: min(var(--start), var(--end));
      left: calc(100% - max(var(--start), var(--end)));
    }
  }

  .horizontal #indicator {
    top: 0;
    height: 100%;
  }

  .vertical #indicator {
    top: calc(100% - var(--end));
    bottom: var(--start);
    left: 0;
    width: 100%;
  }

  /* Thumbs */
  #thumb,
  #thumb-min,
  #thumb-max {
    z-index: 3;
    position: absolute;
    width: var(--thumb-width);
    height: var(--thumb-height);
    border: solid 0.125em var(--wa-color-surface-default);
    border-radius: 50%;
    background-color: var(--wa-form-control-activated-color);
    cursor: pointer;
  }

  .disabled #thumb,
  .disabled #thumb-min,
  .disabled #thumb-max {
    cursor: inherit;
  }

  .horizontal #thumb,
  .horizontal #thumb-min,
  .horizontal #thumb-max {
    top: calc(50% - var(--thumb-height) / 2);

    &:dir(ltr) {
      right: auto;
      left: calc(var(--position) - var(--thumb-width) / 2);
    }

    &:dir(rtl) {
      right: calc(var(--position) - var(--thumb-width) / 2);
      left: auto;
    }
  }

  .vertical #thumb,
  .vertical #thumb-min,
  .vertical #thumb-max {
    bottom: calc(var(--position) - var(--thumb-height) / 2);
    left: calc(50% - var(--thumb-width) / 2);
  }

  /* Range-specific thumb styles */
  :host([range]) {
    #thumb-min:focus-visible,
    #thumb-max:focus-visible {
      z-index: 4; /* Ensure focused thumb appears on top */
      outline: var(--wa-focus-ring);
      /* intentionally no offset due to border */
    }
  }

  /* Markers */
  #markers {
    pointer-events: none;
  }

  .marker {
    z-index: 2;
    position: absolute;
    width: var(--marker-width);
    height: var(--marker-height);
    border-radius: 50%;
    background-color: var(--wa-color-surface-default);
  }

  .marker:first-of-type,
  .marker:last-of-type {
    display: none;
  }

  .horizontal .marker {
    top: calc(50% - var(--marker-height) / 2);
    left: calc(var(--position) - var(--marker-width) / 2);
  }

  .vertical .marker {
    top: calc(var(--position) - var(--marker-height) / 2);
    left: calc(50% - var(--marker-width) / 2);
  }

  /* Marker labels */
  #references {
    position: relative;

    slot {
      display: flex;
      justify-content: space-between;
      height: 100%;
    }

    ::slotted(*) {
      color: var(--wa-color-text-quiet);
      font-size: 0.875em;
      line-height: 1;
    }
  }

  .horizontal {
    #references {
      margin-block-start: 0.5em;
    }
  }

  .vertical {
    display: flex;
    margin-inline: auto;

    #track {
      order: 1;
    }

    #references {
      order: 2;
      width: min-content;
      margin-inline-start: 0.75em;

      slot {
        flex-direction: column;
      }
    }
  }

  .vertical #references slot {
    flex-direction: column;
  }
`;function*Ro(t=document.activeElement){t!=null&&(yield t,"shadowRoot"in t&&t.shadowRoot&&t.shadowRoot.mode!=="closed"&&(yield*Ro(t.shadowRoot.activeElement)))}function zs(t,e){let i=t.metaKey||t.ctrlKey||t.shiftKey||t.altKey;t.key==="Enter"&&!i&&setTimeout(()=>{!t.defaultPrevented&&!t.isComposing&&oc(e)})}var tc=new Map([["input",!0],["wa-input",!0],["wa-tag-input",!0],["wa-number-input",!0],["wa-otp-input",!0],["wa-slider",!0]]),ec=new Map([["button",!1],["checkbox",!1],["color",!1],["date",!1],["datetime-local",!1],["email",!0],["file",!1],["hidden",!1],["image",!1],["month",!1],["number",!0],["password",!0],["radio",!1],["range",!1],["reset",!0],["search",!0],["submit",!1],["tel",!0],["text",!0],["time",!1],["url",!0],["week",!1]]),ic=t=>{let e=t?.localName;if(!e||!!!tc.get(e))return!1;if(e!=="input"&&e!=="wa-input")return!0;let o=t.type;return!!ec.get(o)};function oc(t){let e=null;if("form"in t&&(e=t.form),!e&&"getForm"in t&&(e=t.getForm()),!e)return;let i=Array.from(e.elements),o=0;for(let a of i)ic(a)&&(o+=1);if(o===1){e.requestSubmit(null);return}let r=i.find(a=>a.type==="submit"&&!a.matches(":disabled"));r&&(["input","button"].includes(r.localName)?e.requestSubmit(r):r.click())}function _s(t,e){function i(r){let a=t.getBoundingClientRect(),s=t.ownerDocument.defaultView,l=a.left+s.pageXOffset,c=a.top+s.pageYOffset,h=r.pageX-l,m=r.pageY-c;e?.onMove&&e.onMove(h,m)}function o(){document.removeEventListener("pointermove",i),document.removeEventListener("pointerup",o),e?.onStop&&e.onStop()}document.addEventListener("pointermove",i,{passive:!0}),document.addEventListener("pointerup",o),e?.initialEvent instanceof PointerEvent&&i(e.initialEvent)}var Fo=typeof window<"u"&&"ontouchstart"in window,We=class{constructor(t,e){this.isActive=!1,this.isDragging=!1,this.handleDragStart=i=>{let o="touches"in i?i.touches[0].clientX:i.clientX,r="touches"in i?i.touches[0].clientY:i.clientY;this.isDragging||!Fo&&i.buttons>1||(this.isDragging=!0,document.addEventListener("pointerup",this.handleDragStop),document.addEventListener("pointermove",this.handleDragMove),document.addEventListener("pointercancel",this.handleDragStop),document.addEventListener("touchend",this.handleDragStop),document.addEventListener("touchmove",this.handleDragMove),document.addEventListener("touchcancel",this.handleDragStop),this.options.start(o,r))},this.handleDragStop=i=>{let o="changedTouches"in i?i.changedTouches[0].clientX:i.clientX,r="changedTouches"in i?i.changedTouches[0].clientY:i.clientY;this.isDragging=!1,document.removeEventListener("pointerup",this.handleDragStop),document.removeEventListener("pointermove",this.handleDragMove),document.removeEventListener("pointercancel",this.handleDragStop),document.removeEventListener("touchend",this.handleDragStop),document.removeEventListener("touchmove",this.handleDragMove),document.removeEventListener("touchcancel",this.handleDragStop),this.options.stop(o,r)},this.handleDragMove=i=>{let o="touches"in i?i.touches[0].clientX:i.clientX,r="touches"in i?i.touches[0].clientY:i.clientY;window.getSelection()?.removeAllRanges(),this.options.move(o,r)},this.element=t,this.options={start:()=>{},stop:()=>{},move:()=>{},...e},this.start()}start(){this.isActive||(this.element.addEventListener("pointerdown",this.handleDragStart),Fo&&this.element.addEventListener("touchstart",this.handleDragStart),this.isActive=!0)}stop(){document.removeEventListener("pointerup",this.handleDragStop),document.removeEventListener("pointermove",this.handleDragMove),document.removeEventListener("pointercancel",this.handleDragStop),document.removeEventListener("touchend",this.handleDragStop),document.removeEventListener("touchmove",this.handleDragMove),document.removeEventListener("touchcancel",this.handleDragStop),this.element.removeEventListener("pointerdown",this.handleDragStart),Fo&&this.element.removeEventListener("touchstart",this.handleDragStart),this.isActive=!1,this.isDragging=!1}toggle(t){(t!==void 0?t:!this.isActive)?this.start():this.stop()}};var Ts="important",rc=" !"+Ts,At=ot(class extends tt{constructor(t){if(super(t),t.type!==X.ATTRIBUTE||t.name!=="style"||t.strings?.length>2)throw Error("The `styleMap` directive must be used in the `style` attribute and must be the only part in the attribute.")}render(t){return Object.keys(t).reduce((e,i)=>{let o=t[i];return o==null?e:e+`${i=i.includes("-")?i:i.replace(/(?:^(webkit|moz|ms|o)|)(?=[A-Z])/g,"-$&").toLowerCase()}:${o};`},"")}update(t,[e]){let{style:i}=t.element;if(this.ft===void 0)return this.ft=new Set(Object.keys(e)),this.render(e);for(let o of this.ft)e[o]==null&&(this.ft.delete(o),o.includes("-")?i.removeProperty(o):i[o]=null);for(let o in e){let r=e[o];if(r!=null){this.ft.add(o);let a=typeof r=="string"&&r.endsWith(rc);o.includes("-")||a?i.setProperty(o,a?r.slice(0,-11):r,a?Ts:""):i[o]=r}}return B}});function Po(t,e,i){let o=(t-e)/i;return Math.abs(o-Math.round(o))>1e-9}var ac=()=>({observedAttributes:["min","max","step"],checkValidity(t){let e={message:"",isValid:!0,invalidKeys:[]},i=(o,r,a,s)=>{if(typeof document>"u")return"";let l=document.createElement("input");return l.type="range",l.min=String(r),l.max=String(a),l.step=String(s),l.value=String(o),l.checkValidity(),l.validationMessage};if(t.isRange){let o=t.minValue,r=t.maxValue;if(o<t.min)return e.isValid=!1,e.invalidKeys.push("rangeUnderflow"),e.message=i(o,t.min,t.max,t.step)||`Value must be greater than or equal to ${t.min}.`,e;if(r>t.max)return e.isValid=!1,e.invalidKeys.push("rangeOverflow"),e.message=i(r,t.min,t.max,t.step)||`Value must be less than or equal to ${t.max}.`,e;if(t.step&&t.step!==1){let a=Po(o,t.min,t.step),s=Po(r,t.min,t.step);if(a||s){e.isValid=!1,e.invalidKeys.push("stepMismatch");let l=a?o:r;return e.message=i(l,t.min,t.max,t.step)||`Value must be a multiple of ${t.step}.`,e}}}else{let o=t.value;if(o<t.min)return e.isValid=!1,e.invalidKeys.push("rangeUnderflow"),e.message=i(o,t.min,t.max,t.step)||`Value must be greater than or equal to ${t.min}.`,e;if(o>t.max)return e.isValid=!1,e.invalidKeys.push("rangeOverflow"),e.message=i(o,t.min,t.max,t.step)||`Value must be less than or equal to ${t.max}.`,e;if(t.step&&t.step!==1&&Po(o,t.min,t.step))return e.isValid=!1,e.invalidKeys.push("stepMismatch"),e.message=i(o,t.min,t.max,t.step)||`Value must be a multiple of ${t.step}.`,e}return e}}),C=class extends I{constructor(){super(...arguments),this.draggableThumbMin=null,this.draggableThumbMax=null,this.hasSlotController=new bt(this,"hint","label"),this.localize=new Y(this),this.activeThumb=null,this.lastTrackPosition=null,this.label="",this.hint="",this.minValue=0,this.maxValue=50,this.defaultValue=this.getAttribute("value")==null?this.minValue:Number(this.getAttribute("value")),this._value=null,this.range=!1,this.disabled=!1,this.readonly=!1,this.orientation="horizontal",this.size="m",this.min=0,this.max=100,this.step=1,this.tooltipDistance=8,this.tooltipPlacement="top",this.withMarkers=!1,this.withTooltip=!1,this.withLabel=!1,this.withHint=!1}static get validators(){return[...super.validators,ac()]}get focusableAnchor(){return this.isRange?this.thumbMin||this.slider:this.slider}get validationTarget(){return this.focusableAnchor}get value(){if(this.valueHasChanged){let e=this._value??this.minValue??0;return G(e,this.min,this.max)}let t=this._value??this.defaultValue;return G(t,this.min,this.max)}set value(t){t=Number(t)??this.minValue,this._value!==t&&(this.valueHasChanged=!0,this._value=t)}get isRange(){return this.range}handleSizeChange(){yt(this.localName,this.size)}firstUpdated(t){super.firstUpdated(t),this.isRange?(this.draggableThumbMin=new We(this.thumbMin,{start:()=>{this.activeThumb="min",this.trackBoundingClientRect=this.track.getBoundingClientRect(),this.valueWhenDraggingStarted=this.minValue,this.customStates.set("dragging",!0),this.showRangeTooltips()},move:(e,i)=>{this.setThumbValueFromCoordinates(e,i,"min")},stop:()=>{this.minValue!==this.valueWhenDraggingStarted&&(this.updateComplete.then(()=>{this.dispatchEvent(new Event("change",{bubbles:!0,composed:!0}))}),this.hasInteracted=!0),this.hideRangeTooltips(),this.customStates.set("dragging",!1),this.valueWhenDraggingStarted=void 0,this.activeThumb=null}}),this.draggableThumbMax=new We(this.thumbMax,{start:()=>{this.activeThumb="max",this.trackBoundingClientRect=this.track.getBoundingClientRect(),this.valueWhenDraggingStarted=this.maxValue,this.customStates.set("dragging",!0),this.showRangeTooltips()},move:(e,i)=>{this.setThumbValueFromCoordinates(e,i,"max")},stop:()=>{this.maxValue!==this.valueWhenDraggingStarted&&(this.updateComplete.then(()=>{this.dispatchEvent(new Event("change",{bubbles:!0,composed:!0}))}),this.hasInteracted=!0),this.hideRangeTooltips(),this.customStates.set("dragging",!1),this.valueWhenDraggingStarted=void 0,this.activeThumb=null}}),this.draggableTrack=new We(this.track,{start:(e,i)=>{if(this.trackBoundingClientRect=this.track.getBoundingClientRect(),this.activeThumb)this.valueWhenDraggingStarted=this.activeThumb==="min"?this.minValue:this.maxValue;else{let o=this.getValueFromCoordinates(e,i),r=Math.abs(o-this.minValue),a=Math.abs(o-this.maxValue);if(r===a)if(o>this.maxValue)this.activeThumb="max";else if(o<this.minValue)this.activeThumb="min";else{let s=this.localize.dir()==="rtl",l=this.orientation==="vertical",c=l?i:e,h=this.lastTrackPosition||c;this.lastTrackPosition=c;let m=c>h!==s&&!l||c<h&&l;this.activeThumb=m?"max":"min"}else this.activeThumb=r<=a?"min":"max";this.valueWhenDraggingStarted=this.activeThumb==="min"?this.minValue:this.maxValue}this.customStates.set("dragging",!0),this.setThumbValueFromCoordinates(e,i,this.activeThumb),this.showRangeTooltips()},move:(e,i)=>{this.activeThumb&&this.setThumbValueFromCoordinates(e,i,this.activeThumb)},stop:()=>{this.activeThumb&&(this.activeThumb==="min"?this.minValue:this.maxValue)!==this.valueWhenDraggingStarted&&(this.updateComplete.then(()=>{this.dispatchEvent(new Event("change",{bubbles:!0,composed:!0}))}),this.hasInteracted=!0),this.hideRangeTooltips(),this.customStates.set("dragging",!1),this.valueWhenDraggingStarted=void 0,this.activeThumb=null}})):this.draggableTrack=new We(this.slider,{start:(e,i)=>{this.trackBoundingClientRect=this.track.getBoundingClientRect(),this.valueWhenDraggingStarted=this.value,this.customStates.set("dragging",!0),this.setValueFromCoordinates(e,i),this.showTooltip()},move:(e,i)=>{this.setValueFromCoordinates(e,i)},stop:()=>{this.value!==this.valueWhenDraggingStarted&&(this.updateComplete.then(()=>{this.dispatchEvent(new Event("change",{bubbles:!0,composed:!0}))}),this.hasInteracted=!0),this.hideTooltip(),this.customStates.set("dragging",!1),this.valueWhenDraggingStarted=void 0}})}willUpdate(t){this.isRange&&(t.has("minValue")||t.has("maxValue")||t.has("min")||t.has("max"))&&(this.minValue=G(this.minValue,this.min,this.maxValue),this.maxValue=G(this.maxValue,this.minValue,this.max)),super.willUpdate(t)}updated(t){if(this.isRange&&(t.has("minValue")||t.has("maxValue"))&&this.updateFormValue(),t.has("disabled")||t.has("readonly")){let e=!(this.disabled||this.readonly);this.isRange&&(this.draggableThumbMin&&this.draggableThumbMin.toggle(e),this.draggableThumbMax&&this.draggableThumbMax.toggle(e)),this.draggableTrack&&this.draggableTrack.toggle(e)}super.updated(t)}formDisabledCallback(t){this.disabled=t}formResetCallback(){this.isRange?(this.minValue=parseFloat(this.getAttribute("min-value")??String(this.min)),this.maxValue=parseFloat(this.getAttribute("max-value")??String(this.max))):(this._value=null,this.defaultValue=this.defaultValue??parseFloat(this.getAttribute("value")??String(this.min))),this.valueHasChanged=!1,this.hasInteracted=!1,super.formResetCallback()}clampAndRoundToStep(t){let e=(String(this.step).split(".")[1]||"").replace(/0+$/g,"").length,i=Number(this.step),o=Number(this.min),r=Number(this.max);return t=Math.round(t/i)*i,t=G(t,o,r),parseFloat(t.toFixed(e))}getPercentageFromValue(t){return(t-this.min)/(this.max-this.min)*100}getValueFromCoordinates(t,e){let i=this.localize.dir()==="rtl",o=this.orientation==="vertical",{top:r,right:a,bottom:s,left:l,height:c,width:h}=this.trackBoundingClientRect,m=o?e:t,u=o?{start:r,end:s,size:c}:{start:l,end:a,size:h},p=(o||i?u.end-m:m-u.start)/u.size;return this.clampAndRoundToStep(this.min+(this.max-this.min)*p)}handleBlur(){this.isRange?requestAnimationFrame(()=>{let t=this.shadowRoot?.activeElement;t===this.thumbMin||t===this.thumbMax||this.hideRangeTooltips()}):this.hideTooltip(),this.customStates.set("focused",!1),this.dispatchEvent(new FocusEvent("blur",{bubbles:!0,composed:!0}))}handleFocus(t){let e=t.target;this.isRange?(e===this.thumbMin?this.activeThumb="min":e===this.thumbMax&&(this.activeThumb="max"),this.showRangeTooltips()):this.showTooltip(),this.customStates.set("focused",!0),this.dispatchEvent(new FocusEvent("focus",{bubbles:!0,composed:!0}))}handleKeyDown(t){let e=this.localize.dir()==="rtl",i=t.target;if(this.disabled||this.readonly||this.isRange&&(i===this.thumbMin?this.activeThumb="min":i===this.thumbMax&&(this.activeThumb="max"),!this.activeThumb))return;let o=this.isRange?this.activeThumb==="min"?this.minValue:this.maxValue:this.value,r=o;switch(t.key){case"ArrowUp":case(e?"ArrowLeft":"ArrowRight"):t.preventDefault(),r=this.clampAndRoundToStep(o+this.step);break;case"ArrowDown":case(e?"ArrowRight":"ArrowLeft"):t.preventDefault(),r=this.clampAndRoundToStep(o-this.step);break;case"Home":t.preventDefault(),r=this.isRange&&this.activeThumb==="min"?this.min:this.isRange?this.minValue:this.min;break;case"End":t.preventDefault(),r=this.isRange&&this.activeThumb==="max"?this.max:this.isRange?this.maxValue:this.max;break;case"PageUp":t.preventDefault();let a=Math.max(o+(this.max-this.min)/10,o+this.step);r=this.clampAndRoundToStep(a);break;case"PageDown":t.preventDefault();let s=Math.min(o-(this.max-this.min)/10,o-this.step);r=this.clampAndRoundToStep(s);break;case"Enter":zs(t,this);return}r!==o&&(this.isRange?(this.activeThumb==="min"?r>this.maxValue?(this.maxValue=r,this.minValue=r):this.minValue=Math.max(this.min,r):r<this.minValue?(this.minValue=r,this.maxValue=r):this.maxValue=Math.min(this.max,r),this.updateFormValue()):this.value=G(r,this.min,this.max),this.updateComplete.then(()=>{this.dispatchEvent(new InputEvent("input",{bubbles:!0,composed:!0})),this.dispatchEvent(new Event("change",{bubbles:!0,composed:!0}))}),this.hasInteracted=!0)}handleLabelPointerDown(t){t.preventDefault(),this.disabled||(this.isRange?this.thumbMin?.focus():this.slider.focus())}setValueFromCoordinates(t,e){let i=this.value;this.value=this.getValueFromCoordinates(t,e),this.value!==i&&this.updateComplete.then(()=>{this.dispatchEvent(new InputEvent("input",{bubbles:!0,composed:!0}))})}setThumbValueFromCoordinates(t,e,i){let o=this.getValueFromCoordinates(t,e),r=i==="min"?this.minValue:this.maxValue;i==="min"?o>this.maxValue?(this.maxValue=o,this.minValue=o):this.minValue=Math.max(this.min,o):o<this.minValue?(this.minValue=o,this.maxValue=o):this.maxValue=Math.min(this.max,o),r!==(i==="min"?this.minValue:this.maxValue)&&(this.updateFormValue(),this.updateComplete.then(()=>{this.dispatchEvent(new InputEvent("input",{bubbles:!0,composed:!0}))}))}showTooltip(){this.withTooltip&&this.tooltip&&(this.tooltip.open=!0)}hideTooltip(){this.withTooltip&&this.tooltip&&(this.tooltip.open=!1)}showRangeTooltips(){if(!this.withTooltip)return;let t=this.shadowRoot?.getElementById("tooltip-thumb-min"),e=this.shadowRoot?.getElementById("tooltip-thumb-max");this.activeThumb==="min"?(t&&(t.open=!0),e&&(e.open=!1)):this.activeThumb==="max"&&(e&&(e.open=!0),t&&(t.open=!1))}hideRangeTooltips(){if(!this.withTooltip)return;let t=this.shadowRoot?.getElementById("tooltip-thumb-min"),e=this.shadowRoot?.getElementById("tooltip-thumb-max");t&&(t.open=!1),e&&(e.open=!1)}updateFormValue(t){if(this.isRange){let e=new FormData;e.append(this.name||"",String(this.minValue)),e.append(this.name||"",String(this.maxValue)),this.setValue(e,e);return}super.updateFormValue(t)}focus(){this.isRange?this.thumbMin?.focus():this.slider.focus()}blur(){if(this.isRange){for(let t of Ro())if(t===this.thumbMin){this.thumbMin.blur();break}else if(t===this.thumbMax){this.thumbMax.blur();break}}else this.slider.blur()}stepDown(){if(this.isRange){let t=this.clampAndRoundToStep(this.minValue-this.step);this.minValue=G(t,this.min,this.maxValue),this.updateFormValue()}else{let t=this.clampAndRoundToStep(this.value-this.step);this.value=t}}stepUp(){if(this.isRange){let t=this.clampAndRoundToStep(this.maxValue+this.step);this.maxValue=G(t,this.minValue,this.max),this.updateFormValue()}else{let t=this.clampAndRoundToStep(this.value+this.step);this.value=t}}render(){let t=this.hasSlotController.test("label","withLabel"),e=this.hasSlotController.test("hint","withHint"),i=this.label?!0:!!t,o=this.hint?!0:!!e,r=this.hasSlotController.test("reference"),a=P({xs:this.size==="xs",s:this.size==="s"||this.size==="small",m:this.size==="m"||this.size==="medium",l:this.size==="l"||this.size==="large",xl:this.size==="xl",small:this.size==="small"||this.size==="s",medium:this.size==="medium"||this.size==="m",large:this.size==="large"||this.size==="l",horizontal:this.orientation==="horizontal",vertical:this.orientation==="vertical",disabled:this.disabled}),s=[];if(this.withMarkers)for(let f=this.min;f<=this.max;f+=this.step)s.push(this.getPercentageFromValue(f));let l=g`
      <label
        id="label"
        part="label"
        for=${this.isRange?"thumb-min":"text-box"}
        class=${P({vh:!i,"has-label":i})}
        @pointerdown=${this.handleLabelPointerDown}
      >
        <slot name="label">${this.label}</slot>
      </label>
    `,c=g`
      <div
        id="hint"
        part="hint"
        class=${P({"has-slotted":o})}
      >
        <slot name="hint">${this.hint}</slot>
      </div>
    `,h=this.withMarkers?g`
          <div id="markers" part="markers">
            ${s.map(f=>g`<span part="marker" class="marker" style=${At({"--position":`${f}%`})}></span>`)}
          </div>
        `:"",m=r?g`
          <div id="references" part="references" aria-hidden="true">
            <slot name="reference"></slot>
          </div>
        `:"",u=(f,p)=>this.withTooltip?g`
            <wa-tooltip
              id=${`tooltip${f!=="thumb"?"-"+f:""}`}
              part="tooltip"
              exportparts="
                base:tooltip__base,
                tooltip:tooltip__tooltip,
                body:tooltip__body,
                arrow:tooltip__arrow
              "
              trigger="manual"
              distance=${this.tooltipDistance}
              placement=${this.tooltipPlacement}
              for=${f}
              activation="manual"
              dir=${this.localize.dir()}
            >
              <span aria-hidden="true">
                ${typeof this.valueFormatter=="function"?this.valueFormatter(p):this.localize.number(p)}
              </span>
            </wa-tooltip>
          `:"";if(this.isRange){let f=G(this.getPercentageFromValue(this.minValue),0,100),p=G(this.getPercentageFromValue(this.maxValue),0,100);return g`
        ${l}

        <div id="slider" part="slider" class=${a}>
          <div id="track" part="track">
            <div
              id="indicator"
              part="indicator"
              style=${At({"--start":`${Math.min(f,p)}%`,"--end":`${Math.max(f,p)}%`})}
            ></div>

            ${h}

            <span
              id="thumb-min"
              part="thumb thumb-min"
              style=${At({"--position":`${f}%`})}
              role="slider"
              aria-valuemin=${this.min}
              aria-valuenow=${this.minValue}
              aria-valuetext=${typeof this.valueFormatter=="function"?this.valueFormatter(this.minValue):this.localize.number(this.minValue)}
              aria-valuemax=${this.max}
              aria-label="${this.label?`${this.label} (minimum value)`:"Minimum value"}"
              aria-orientation=${this.orientation}
              aria-disabled=${this.disabled?"true":"false"}
              aria-readonly=${this.readonly?"true":"false"}
              tabindex=${this.disabled?-1:0}
              @blur=${this.handleBlur}
              @focus=${this.handleFocus}
              @keydown=${this.handleKeyDown}
            ></span>

            <span
              id="thumb-max"
              part="thumb thumb-max"
              style=${At({"--position":`${p}%`})}
              role="slider"
              aria-valuemin=${this.min}
              aria-valuenow=${this.maxValue}
              aria-valuetext=${typeof this.valueFormatter=="function"?this.valueFormatter(this.maxValue):this.localize.number(this.maxValue)}
              aria-valuemax=${this.max}
              aria-label="${this.label?`${this.label} (maximum value)`:"Maximum value"}"
              aria-orientation=${this.orientation}
              aria-disabled=${this.disabled?"true":"false"}
              aria-readonly=${this.readonly?"true":"false"}
              tabindex=${this.disabled?-1:0}
              @blur=${this.handleBlur}
              @focus=${this.handleFocus}
              @keydown=${this.handleKeyDown}
            ></span>
          </div>

          ${m} ${c}
        </div>

        ${u("thumb-min",this.minValue)} ${u("thumb-max",this.maxValue)}
      `}else{let f=G(this.getPercentageFromValue(this.value),0,100),p=G(this.getPercentageFromValue(typeof this.indicatorOffset=="number"?this.indicatorOffset:this.min),0,100);return g`
        ${l}

        <div
          id="slider"
          part="slider"
          class=${a}
          role="slider"
          aria-disabled=${this.disabled?"true":"false"}
          aria-readonly=${this.disabled?"true":"false"}
          aria-orientation=${this.orientation}
          aria-valuemin=${this.min}
          aria-valuenow=${this.value}
          aria-valuetext=${typeof this.valueFormatter=="function"?this.valueFormatter(this.value):this.localize.number(this.value)}
          aria-valuemax=${this.max}
          aria-labelledby="label"
          aria-describedby="hint"
          tabindex=${this.disabled?-1:0}
          @blur=${this.handleBlur}
          @focus=${this.handleFocus}
          @keydown=${this.handleKeyDown}
        >
          <div id="track" part="track">
            <div
              id="indicator"
              part="indicator"
              style=${At({"--start":`${p}%`,"--end":`${f}%`})}
            ></div>

            ${h}
            <span id="thumb" part="thumb" style=${At({"--position":`${f}%`})}></span>
          </div>

          ${m} ${c}
        </div>

        ${u("thumb",this.value)}
      `}}};C.formAssociated=!0;C.observeSlots=!0;C.css=[xt,It,Es];n([S("#slider")],C.prototype,"slider",2);n([S("#thumb")],C.prototype,"thumb",2);n([S("#thumb-min")],C.prototype,"thumbMin",2);n([S("#thumb-max")],C.prototype,"thumbMax",2);n([S("#track")],C.prototype,"track",2);n([S("#tooltip")],C.prototype,"tooltip",2);n([d()],C.prototype,"label",2);n([d({attribute:"hint"})],C.prototype,"hint",2);n([d({reflect:!0})],C.prototype,"name",2);n([d({type:Number,attribute:"min-value"})],C.prototype,"minValue",2);n([d({type:Number,attribute:"max-value"})],C.prototype,"maxValue",2);n([d({attribute:"value",reflect:!0,type:Number})],C.prototype,"defaultValue",2);n([H()],C.prototype,"value",1);n([d({type:Boolean,reflect:!0})],C.prototype,"range",2);n([d({type:Boolean})],C.prototype,"disabled",2);n([d({type:Boolean,reflect:!0})],C.prototype,"readonly",2);n([d({reflect:!0})],C.prototype,"orientation",2);n([d({reflect:!0})],C.prototype,"size",2);n([A("size")],C.prototype,"handleSizeChange",1);n([d({attribute:"indicator-offset",type:Number})],C.prototype,"indicatorOffset",2);n([d({type:Number})],C.prototype,"min",2);n([d({type:Number})],C.prototype,"max",2);n([d({type:Number})],C.prototype,"step",2);n([d({type:Boolean})],C.prototype,"autofocus",2);n([d({attribute:"tooltip-distance",type:Number})],C.prototype,"tooltipDistance",2);n([d({attribute:"tooltip-placement",reflect:!0})],C.prototype,"tooltipPlacement",2);n([d({attribute:"with-markers",type:Boolean})],C.prototype,"withMarkers",2);n([d({attribute:"with-tooltip",type:Boolean})],C.prototype,"withTooltip",2);n([d({attribute:"with-label",type:Boolean})],C.prototype,"withLabel",2);n([d({attribute:"with-hint",type:Boolean})],C.prototype,"withHint",2);n([d({attribute:!1})],C.prototype,"valueFormatter",2);C=n([F("wa-slider")],C);var re=t=>t.toFixed(2).replace("-","\u2212");function Rs({label:t,strength:e,limit:i,onMove:o,onRest:r}){return g`<div class="dial">
    <wa-slider
      label=${t}
      min=${at.min}
      max=${at.max}
      step=${at.step}
      indicator-offset="0"
      .value=${lt(e)}
      .valueFormatter=${re}
      @input=${a=>o(_e(a.target.value))}
      @change=${a=>r(_e(a.target.value))}
    ></wa-slider>
    <div class="marks" aria-hidden="true">
      ${[-1,0,1].map(a=>Ms(a,re(a).replace(".00","")))}
      ${i!==null&&i<at.max&&i>0?Ms(i,"","limit"):b}
    </div>
  </div>`}var sc=t=>100*(t-at.min)/(at.max-at.min),Ms=(t,e,i="")=>g`<span class=${i} style="left: ${sc(t)}%">${e}</span>`;function Fs(t,e,i,o){let r=a=>nc(a,t,e.get(a.id),i,o);return g`<ul class="concepts" aria-label="Concepts">
    ${Ss(t.concepts,a=>a.id,r)}
  </ul>`}function nc(t,e,i,o,r){let a=ut(t),{id:s,strength:l,region:c}=t,h=uc(i,e.calibrated),m=!c&&e.concepts.filter(u=>u.region).length>=Zi;return g`<li class="concept" data-concept=${s}>
    <div class="chip">
      ${t.picture?g`<img class="thumb" src=${t.picture} alt="" />`:b}
      <span class="name" title=${a}>${a}</span>
      <output aria-hidden="true">${re(l)}</output>
      ${rt("brush",m?lc:`Paint where ${a} acts`,()=>r.paint(s),{pressed:o===s,kind:c?"filled":"",disabled:m})}
      ${rt("x",`Remove ${a}`,u=>cc(u)&&r.remove(s))}
    </div>
    ${Rs({label:`Strength of ${a}`,strength:l,limit:h,onMove:u=>r.turn(s,u,!1),onRest:u=>r.turn(s,u,!0)})}
    <p class="known">${dc(i,t)}</p>
    ${hc(i,l,h).map(u=>g`<p class="caution" role="status">${u}</p>`)}
  </li>`}var lc=`At most ${Zi} concepts have a region`,cc=t=>t.detail<2;function dc(t,e){let i=[];return t?.novelty!=null&&i.push(`novelty ${t.novelty.toFixed(2)} of 1`),t?.gain!=null&&i.push(`usual effect at ${t.gain.toFixed(2)}`),e.region&&i.push("in a region"),i.join(" \xB7 ")}function hc(t,e,i){let o=[];if(t?.novelty>1){let r=t.novelty.toPrecision(2);o.push(`Far from all that the model was trained on: ${r} times as far as almost all concepts it was tried with. It may come out badly.`)}return i!==null&&e>i&&o.push(`Beyond ${i.toPrecision(3)} most effects shrink.`),o}function uc(t,e){return t?.limit==null?null:e&&t.gain?t.limit/t.gain:t.limit}function Ps({locked:t,refused:e},i){return t?g`<wa-dialog class="held" label="This server asks for a key" open @wa-hide=${pc}>
    <form class="adding" @submit=${r=>{r.preventDefault(),i.key(r.target.elements.key.value.trim())}}>
      <input name="key" type="password" aria-label="API key" autocomplete="off" autofocus />
      <button class="button loud">Use it</button>
    </form>
    ${e?g`<p class="problem" role="alert">It does not know this key.</p>`:b}
  </wa-dialog>`:b}var pc=t=>t.preventDefault();var Oo=class extends HTMLElement{#t=document.createElement("canvas");#i=document.createElement("span");#e=this.#t.getContext("2d",{willReadFrequently:!0});#o=null;#r=null;#a={x:.5,y:.5};brush=.25;erasing=!1;connectedCallback(){this.#i.className="ring",this.replaceChildren(this.#t,this.#i),this.#t.tabIndex=0,this.#t.setAttribute("role","application"),this.#t.addEventListener("pointerdown",e=>this.#c(e)),this.#t.addEventListener("pointermove",e=>this.#s(e));for(let e of["pointerup","pointercancel"])this.#t.addEventListener(e,()=>this.#m());this.#t.addEventListener("keydown",e=>this.#f(e))}set label(e){this.#t.setAttribute("aria-label",`${e}: arrow keys move the brush, space paints, Delete clears`)}set size({width:e,height:i}){let o=Math.min(1,128/Math.max(e,i)),r=Math.max(1,Math.round(e*o)),a=Math.max(1,Math.round(i*o));this.#t.width===r&&this.#t.height===a||Object.assign(this.#t,{width:r,height:a})}set mask(e){e!==this.#o&&(this.#o=e,this.#n(e))}get mask(){return this.#o}async#n(e){let{width:i,height:o}=this.#t;if(this.#e.clearRect(0,0,i,o),!e)return;let r=new Image;if(r.src=e,await r.decode(),e!==this.#o)return;this.#e.drawImage(r,0,0,i,o);let a=this.#e.getImageData(0,0,i,o),s=this.#l();for(let l=0;l<a.data.length;l+=4)a.data.set([...s,a.data[l]],l);this.#e.putImageData(a,0,0)}#l(){this.#e.fillStyle=getComputedStyle(this).color,this.#e.fillRect(0,0,0,0);let e=document.createElement("canvas").getContext("2d");return e.fillStyle=this.#e.fillStyle,e.fillRect(0,0,1,1),[...e.getImageData(0,0,1,1).data.slice(0,3)]}#c(e){e.preventDefault(),this.#t.focus({preventScroll:!0}),this.#t.setPointerCapture(e.pointerId),this.#r=this.#h(e),this.#s(e)}#s(e){let i=this.#h(e);this.#a={x:i.x/this.#t.width,y:i.y/this.#t.height},this.#p(),this.#r&&this.#u(i)}#m(){this.#r&&(this.#r=null,this.#d())}#h(e){let{left:i,top:o,width:r,height:a}=this.#t.getBoundingClientRect();return{x:(e.clientX-i)/r*this.#t.width,y:(e.clientY-o)/a*this.#t.height}}#u(e){let i=this.#r??e,o=this.#e;o.globalCompositeOperation=this.erasing?"destination-out":"source-over",o.strokeStyle=getComputedStyle(this).color,o.lineWidth=this.brush*this.#t.width,o.lineCap="round",o.beginPath(),o.moveTo(i.x,i.y),o.lineTo(e.x+.01,e.y),o.stroke(),o.globalCompositeOperation="source-over",this.#r&&(this.#r=e)}#f(e){let i=e.shiftKey?.15:.05,o={ArrowLeft:[-i,0],ArrowRight:[i,0],ArrowUp:[0,-i],ArrowDown:[0,i]};if(e.key in o){let[r,a]=o[e.key],s=l=>Math.min(1,Math.max(0,l));this.#a={x:s(this.#a.x+r),y:s(this.#a.y+a)},this.#p()}else if(e.key===" "||e.key==="Enter"){let{width:r,height:a}=this.#t;this.#u({x:this.#a.x*r,y:this.#a.y*a}),this.#d()}else if(e.key==="Delete"||e.key==="Backspace")this.clear();else return;e.preventDefault()}clear(){this.#e.clearRect(0,0,this.#t.width,this.#t.height),this.#d()}#p(){let e=`${100*this.brush}%`,i={left:`${100*this.#a.x}%`,top:`${100*this.#a.y}%`,width:e};Object.assign(this.#i.style,i)}#d(){this.#o=this.#g(),this.dispatchEvent(new CustomEvent("painted",{detail:this.#o}))}#g(){let{width:e,height:i}=this.#t,o=this.#e.getImageData(0,0,e,i),r=0;for(let s=0;s<o.data.length;s+=4){let l=o.data[s+3];r=Math.max(r,l),o.data.set([l,l,l,255],s)}if(!r)return"";let a=Object.assign(document.createElement("canvas"),{width:e,height:i});return a.getContext("2d").putImageData(o,0,0),a.toDataURL("image/png")}};customElements.define("region-painter",Oo);function Os(t,{model:e,brush:i,erasing:o},r){return g`<region-painter
    .size=${e}
    .label=${`Region of ${ut(t)}`}
    .brush=${i}
    .erasing=${o}
    .mask=${t.region}
    @painted=${a=>r.region(t.id,a.detail)}
  ></region-painter>`}function Ds(t,{brush:e,erasing:i},o){let r=()=>o.region(t.id,"");return g`<div class="tools" role="group" aria-label="Painting">
    <wa-radio-group
      label="Brush"
      size="s"
      orientation="horizontal"
      .value=${lt(i?"erase":"paint")}
      @change=${a=>o.brush({erasing:a.target.value==="erase"})}
    >
      <wa-radio appearance="button" value="paint">Paint</wa-radio>
      <wa-radio appearance="button" value="erase">Erase</wa-radio>
    </wa-radio-group>
    <wa-slider
      label="Size of the brush"
      size="s"
      min="5"
      max="60"
      .value=${lt(Math.round(100*e))}
      @input=${a=>o.brush({brush:a.target.value/100})}
    ></wa-slider>
    <button type="button" class="button" ?disabled=${!t.region} @click=${r}>Clear</button>
    <button type="button" class="button loud" @click=${()=>o.paint(t.id)}>Done</button>
    <p class="hint">Drag over the picture: the concept acts where you paint, and nowhere else.</p>
  </div>`}var Bs=$`
  :host {
    --divider-width: 0.125rem;
    --handle-size: 2.5rem;

    display: block;
    position: relative;
    max-width: 100%;
    max-height: 100%;
    overflow: hidden;
  }

  .before,
  .after {
    display: block;

    &::slotted(img),
    &::slotted(svg) {
      display: block;
      max-width: 100% !important;
      height: auto;
    }

    &::slotted(:not(img, svg)) {
      isolation: isolate;
    }
  }

  .after {
    position: absolute;
    top: 0;
    left: 0;
    height: 100%;
    width: 100%;
  }

  /* Disable pointer-events while dragging. This is especially important for iframes. */
  :host(:state(dragging)) {
    .before,
    .after {
      pointer-events: none;
    }
  }

  .divider {
    display: flex;
    align-items: center;
    justify-content: center;
    position: absolute;
    top: 0;
    width: var(--divider-width);
    height: 100%;
    background-color: var(--wa-color-surface-default);
    translate: calc(var(--divider-width) / -2);
    cursor: ew-resize;
  }

  .handle {
    display: flex;
    align-items: center;
    justify-content: center;
    position: absolute;
    top: calc(50% - (var(--handle-size) / 2));
    width: var(--handle-size);
    height: var(--handle-size);
    background-color: var(--wa-color-surface-default);
    border-radius: var(--wa-border-radius-circle);
    font-size: calc(var(--handle-size) * 0.4);
    color: var(--wa-color-neutral-on-quiet);
    cursor: inherit;
    z-index: 10;
  }

  .handle:focus-visible {
    outline: var(--wa-focus-ring);
    outline-offset: var(--wa-focus-ring-offset);
  }
`;var ae=class extends q{constructor(){super(...arguments),this.localize=new Y(this),this.position=50}handleDrag(t){let{width:e}=this.getBoundingClientRect(),i=this.localize.dir()==="rtl";t.preventDefault(),_s(this,{onMove:o=>{this.customStates.set("dragging",!0),this.position=parseFloat(G(o/e*100,0,100).toFixed(2)),i&&(this.position=100-this.position)},onStop:()=>{this.customStates.set("dragging",!1)},initialEvent:t})}handleKeyDown(t){let e=this.matches(":dir(ltr)"),i=this.localize.dir()==="rtl";if(["ArrowLeft","ArrowRight","Home","End"].includes(t.key)){let o=t.shiftKey?10:1,r=this.position;t.preventDefault(),(e&&t.key==="ArrowLeft"||i&&t.key==="ArrowRight")&&(r-=o),(e&&t.key==="ArrowRight"||i&&t.key==="ArrowLeft")&&(r+=o),t.key==="Home"&&(r=0),t.key==="End"&&(r=100),r=G(r,0,100),this.position=r}}handlePositionChange(){this.dispatchEvent(new Event("change",{bubbles:!0,composed:!0}))}render(){let t=this.hasUpdated?this.localize.dir()==="rtl":this.dir==="rtl";return g`
      <div id="comparison" class="image" part="base comparison">
        <div part="before" class="before">
          <slot name="before"></slot>
        </div>

        <div
          part="after"
          class="after"
          style=${At({clipPath:t?`inset(0 0 0 ${100-this.position}%)`:`inset(0 ${100-this.position}% 0 0)`})}
        >
          <slot name="after"></slot>
        </div>
      </div>

      <div
        part="divider"
        class="divider"
        style=${At({left:t?`${100-this.position}%`:`${this.position}%`})}
        @keydown=${this.handleKeyDown}
        @mousedown=${this.handleDrag}
        @touchstart=${this.handleDrag}
      >
        <div
          part="handle"
          class="handle"
          role="scrollbar"
          aria-valuenow=${this.position}
          aria-valuemin="0"
          aria-valuemax="100"
          aria-controls="comparison"
          tabindex="0"
        >
          <slot name="handle">
            <wa-icon library="system" name="grip-vertical" variant="solid"></wa-icon>
          </slot>
        </div>
      </div>
    `}};ae.css=Bs;n([S(".handle")],ae.prototype,"handle",2);n([d({type:Number,reflect:!0})],ae.prototype,"position",2);n([A("position",{waitUntilFirstUpdate:!0})],ae.prototype,"handlePositionChange",1);ae=n([F("wa-comparison")],ae);function Is(t,e,i,o){let{plan:r,pictures:a}=t,s=a[0],l=r.rows[0]?.body.prompt;switch(s||r.view==="grid"?r.view:""){case"picture":return g`<div class="frame">${Vs(s[0],l)}${o}</div>`;case"compare":return mc(s,l,e.split,i);case"strip":return g`<ol class="strip">
        ${s.map(c=>g`<li>${Ns(c,"all dials",c.strength===1,()=>i.scale(c.strength))}</li>`)}
      </ol>`;case"grid":return gc(t,e,i)}return b}var Vs=(t,e)=>g`<img class="picture" src=${t.src} alt=${e} />`;function mc([t,e],i,o,r){return g`<wa-comparison
      class="frame"
      position=${o}
      ${Ai(fc)}
      @change=${a=>r.split(a.target.position)}
    >
      <img slot="after" class="picture" src=${t.src} alt="untouched: ${i}" />
      <img slot="before" class="picture" src=${e.src} alt="steered: ${i}" />
    </wa-comparison>
    <p class="ends" aria-hidden="true"><span>untouched</span><span>steered</span></p>`}async function fc(t){await t?.updateComplete,t?.handle.setAttribute("aria-label","Divider between untouched and steered")}function Ns(t,e,i,o){let r=`Strength ${re(t.strength)}: take it for ${e}`;return g`<button
    type="button"
    class="choice"
    title=${r}
    aria-label=${r}
    aria-current=${i?"true":b}
    @click=${o}
  >
    ${Vs(t,"")}<span>${re(t.strength)}</span>
  </button>`}function gc({plan:t,pictures:e},{concepts:i},o){if(!t.rows.length)return g`<p class="hint">Add a concept: each gets a row here.</p>`;let r=a=>i.find(s=>s.id===a)?.strength;return g`<div class="grid" role="region" aria-label="Strength by concept" tabindex="0">
    <table>
      <tbody>
        ${t.rows.map(({name:a,id:s},l)=>g`<tr>
              <th scope="row" title=${a}><span>${a}</span></th>
              ${(e[l]??[]).map(c=>{let h=c.strength===r(s);return g`<td>${Ns(c,a,h,()=>o.take(s,c.strength))}</td>`})}
            </tr>`)}
      </tbody>
    </table>
  </div>`}var wc={picture:"Picture",compare:"Compare",strip:"Strip",grid:"Grid"};function qs({state:t,history:e,ui:i,act:o}){return g`
    ${vc(e,o)}
    <main class=${i.dropping?"dropping":""}>
      ${bc(t,i,o)} ${Cc(t,i,o)}
    </main>
    ${os(i,t,o)} ${ca(i.camera,o)} ${Ps(i,o)}
  `}function vc(t,e){return g`<header>
    <h1>hypertransport <span>studio</span></h1>
    <div class="actions" role="toolbar" aria-label="Actions">
      ${rt("undo","Undo",e.undo,{disabled:!t.undoable})}
      ${rt("redo","Redo",e.redo,{disabled:!t.redoable})}
      ${rt("link","Copy link",e.copyLink,{text:"Copy link"})}
      ${rt("download","Export",e.export,{text:"Export"})}
    </div>
  </header>`}function bc(t,e,i){let o=t.concepts.find(a=>a.id===e.painting),r=Math.max(e.model.width,e.model.height)<=128;return g`<section class="stage ${r?"small":""}" aria-label="Picture">
    <wa-radio-group
      label="View"
      orientation="horizontal"
      .value=${lt(t.view)}
      @change=${a=>i.look({view:a.target.value})}
    >
      ${Object.entries(wc).map(([a,s])=>g`<wa-radio appearance="button" value=${a}>${s}</wa-radio>`)}
    </wa-radio-group>
    <div class="drawn ${e.slow?"slow":""}" aria-busy=${String(e.busy)} data-view=${e.drawn?.plan.view??""}>
      ${e.drawn?Is(e.drawn,t,i,o?Os(o,e,i):b):b}
    </div>
    ${o?Ds(o,e,i):b}
    <p class="told" role="status" aria-live="polite">${yc(e,i)}</p>
  </section>`}function yc(t,e){return t.notice?t.notice:t.slow?"Drawing \u2026":t.problem?g`<span class="problem">${t.problem}</span>
      <button type="button" class="button outlined" @click=${e.again}>Try again</button>`:t.tooLong?xc(t.tooLong):t.drawn?`${t.model.width} \xD7 ${t.model.height} \xB7 ${t.drawn.milliseconds} ms`:""}var xc=t=>`This is too large for a link (${Math.round(t/1e3)} of ${ri/1e3} thousand letters), and lost when the page is closed: remove a reference picture.`;function Cc(t,e,i){let o=[...e.known.values()].some(r=>r.gain!==null);return g`<section class="panel" aria-label="What is drawn">
    <label class="field">
      Prompt
      <textarea
        rows="2"
        maxlength=${Qi}
        .value=${lt(t.prompt)}
        @input=${r=>i.prompt(r.target.value,!1)}
        @change=${r=>i.prompt(r.target.value,!0)}
      ></textarea>
    </label>
    <div class="group">
      <h2 tabindex="-1">Concepts</h2>
      <p class="hint">The picture is steered towards them, or away below 0. Turn a dial.</p>
      ${Fs(t,e.known,e.painting,i)} ${Ls(t,e.suggested,i)}
    </div>
    ${o?g`<wa-switch
          size="s"
          .checked=${lt(t.calibrated)}
          hint="Strength 1 then has the same effect for every concept, and 0.5 shows half of it."
          @change=${r=>i.calibrate(r.target.checked)}
          >Calibrated dials</wa-switch
        >`:b}
    ${kc(t,i)}
  </section>`}function kc(t,e){let i=t.locked?"Seed locked":"Seed not locked: a new prompt takes another";return g`<div class="seed">
    <label class="field">
      Seed
      <input
        type="number"
        min="0"
        max=${le}
        step="1"
        .value=${lt(String(t.seed))}
        @change=${o=>e.seed(o.target.valueAsNumber)}
      />
    </label>
    ${rt(t.locked?"lock":"lockOpen",i,e.lock,{pressed:t.locked})}
    ${rt("dices","Another seed",e.dice)}
  </div>`}var Us=matchMedia("(prefers-color-scheme: dark)"),Hs=()=>document.documentElement.classList.toggle("wa-dark",Us.matches);Us.addEventListener("change",Hs);Hs();var Ws=250,$c=6e3,Lc=400,z=new Ue(eo()),k={model:{id:"",width:1,height:1},drawn:null,busy:!1,slow:!1,problem:"",notice:"",known:new Map,suggested:[],painting:0,brush:.25,erasing:!1,exporting:!1,camera:null,dropping:!1,locked:!1,refused:!1,keyed:!1,tooLong:0},we=new ai(()=>z.state,t=>Rt({tooLong:t})),Ac=new Di(Nt),Js=new si(lr,Sc),Io,Do,js,Xs;function Nt(){k.known=Ac.of(z.state.concepts),ii(qs({state:z.state,history:z,ui:k,act:se}),document.getElementById("studio"))}function ve(t){clearTimeout(Io),Nt(),z.state.prompt.trim()&&Js.want(Fi(z.state),t)}function Sc({busy:t,plan:e,pictures:i,milliseconds:o,error:r}){t!==void 0&&(k.busy=t),e&&(Object.assign(k,{drawn:{plan:e,pictures:i,milliseconds:o},problem:"",locked:!1}),k.model.id||Vo()),r&&Zs(r),clearTimeout(Xs),k.busy&&(Xs=setTimeout(()=>Rt({slow:!0}),Lc)),Rt({slow:!1})}function Zs(t){k.locked=t.status===401,k.refused=k.locked&&k.keyed,k.problem=Gi(t),Nt()}function Vt(t){k.notice=t,clearTimeout(Do),Do=setTimeout(()=>Vt(""),$c),t||clearTimeout(Do),Nt()}async function Ii(t,e=Zs){try{return await t}catch(i){return e(i),null}}var Ks=t=>Vt(Gi(t));function gt(t,e=!0){e?z.settle(t):z.pass(t),ve(e),e&&we.keep()}var Ys=t=>t.locked?t:{...t,seed:oo()},se={prompt(t,e){let{state:i,settled:o}=z,r=t.trim()!=="";if(e)return gt(Ys({...i,prompt:r?t:o.prompt}));z.pass({...i,prompt:t}),clearTimeout(Io),Io=setTimeout(()=>{ve(!1),r&&we.keep()},Ws)},turn:(t,e,i)=>gt(oi(z.state,t,{strength:e}),i),add(t){let{state:e}=z;if(e.concepts.length>=Yt)return Vt(`At most ${Yt} concepts.`);k.suggested=[];let i=[...e.concepts,io(e,t)];gt(Ys({...e,concepts:i}))},async addFiles(t){for(let e of t){let i=await Ii(aa(e),Ks);i&&se.add({picture:i})}},remove(t){let{state:e}=z,i=e.concepts.findIndex(a=>a.id===t),o=e.concepts.filter(a=>a.id!==t);k.painting===t&&(k.painting=0),gt({...e,concepts:o}),Vt(`\u201C${ut(e.concepts[i])}\u201D is removed. Undo brings it back.`);let r=o[i]??o.at(-1);Bo(r?`[data-concept="${r.id}"] [aria-label^="Remove"]`:".group h2")},region:(t,e)=>gt(oi(z.state,t,{region:e})),paint(t){k.painting=k.painting===t?0:t,k.painting&&z.state.view!=="picture"&&se.look({view:"picture"}),Nt(),k.painting?Bo(".stage canvas"):Bo(`[data-concept="${t}"] .button`)},stopPainting:()=>k.painting&&se.paint(k.painting),brush(t){Object.assign(k,t),Nt()},calibrate:t=>gt({...z.state,calibrated:t}),seed(t){let e=Number.isSafeInteger(t)&&t>=0&&t<=le;gt(e?{...z.state,seed:t}:z.state)},dice:()=>gt({...z.state,seed:oo()}),lock:()=>gt({...z.state,locked:!z.state.locked}),look(t){z.look(t),z.state.view!=="picture"&&(k.painting=0),ve(!0),we.keep()},split(t){z.look({split:t}),we.keep()},scale(t){let{state:e}=z,i=e.concepts.map(o=>({...o,strength:_e(o.strength*t)}));gt({...e,concepts:i})},take:(t,e)=>gt(oi(z.state,t,{strength:e})),undo:()=>Gs("undo"),redo:()=>Gs("redo"),async suggest(t){clearTimeout(js),js=setTimeout(async()=>{k.suggested=t.trim()?await ur(t).catch(()=>[]):[],Nt()},Ws)},async copyLink(){if(await we.write(),!k.tooLong)try{await navigator.clipboard.writeText(location.href),Vt("The link is copied.")}catch{Vt("Copy the link from the address bar: this browser does not let a page do it.")}},export:()=>Rt({exporting:!0}),closeExport:t=>t.target.localName==="wa-dialog"&&Rt({exporting:!1}),async camera(){let t=await Ii(la(se.addFiles),Ks);t&&Rt({camera:t})},closeCamera(){for(let t of k.camera?.getTracks()??[])t.stop();Rt({camera:null})},key(t){sr(t),Js.cancel(),Object.assign(k,{locked:!1,refused:!1,keyed:!0}),se.again()},async again(){k.model.id||await Vo(),ve(!0)},async savePicture(){k.drawn?.pictures[0]&&Oi(await as(k.drawn.pictures),"picture.png")},saveUrl:Oi,async saveIntervention(t){let e=await Ii(dr(qe(t)));if(!e)return;let i=URL.createObjectURL(e);Oi(i,rs(t)),setTimeout(()=>URL.revokeObjectURL(i),1e4)}};function Bo(t){document.querySelector(t)?.focus()}function Rt(t){Object.assign(k,t),Nt()}function Gs(t){z[t](),z.state.concepts.some(e=>e.id===k.painting)||(k.painting=0),ve(!0),we.keep()}ss(se,t=>k.dropping!==t&&Rt({dropping:t}),Vt);addEventListener("hashchange",Qs);addEventListener("beforeunload",t=>k.tooLong&&t.preventDefault());async function Qs(){let t=location.hash.slice(1);try{t&&(z=new Ue(await br(t)))}catch{Vt("This link cannot be read: ask for it again.")}k.painting=0,ve(!0)}async function Vo(){let t=await Ii(hr());t&&Rt({model:t})}async function Ec(){k.keyed=nr(),await Vo(),await Qs()}Ec();
